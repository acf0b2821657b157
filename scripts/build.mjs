// Compiles src/ into dist/ with the native TypeScript 7 compiler (four times faster than 6, which is only
// here for the tools that need its API), and copies the SQL migrations beside their compiled reader.
// `--tests` also compiles test/ into dist-test/.
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const tsc = fileURLToPath(new URL('../node_modules/typescript7/bin/tsc', import.meta.url));

function compile(project) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// `npm ci --omit=dev` runs this without the compiler: what was built before stays.
if (!existsSync(tsc)) {
  if (existsSync(`${root}/dist/cli/main.js`)) process.exit(0);
  console.error(
    'Nothing is built yet, and the compiler is a development dependency. Run `npm ci`, then `npm prune --omit=dev`.',
  );
  process.exit(1);
}

const withTests = process.argv.includes('--tests');
rmSync(`${root}/dist`, { recursive: true, force: true });
compile('tsconfig.json');
cpSync(`${root}/src/storage/migrations`, `${root}/dist/storage/migrations`, {
  recursive: true,
  filter: (source) => !source.endsWith('.ts'),
});
chmodSync(`${root}/dist/cli/main.js`, 0o755);
if (withTests) {
  rmSync(`${root}/dist-test`, { recursive: true, force: true });
  compile('test/tsconfig.json');
}
