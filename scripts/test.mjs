// Runs everything that has to hold: build, format and lint, layers, and all tests, in two processes at once:
// half of the time the tests wait for exchanges, databases and processes. Prints each part when it is done.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));

const WHOLE_PROGRAM = 'dist-test/{e2e,examples,server}/**/*.test.js';

const STEPS = [
  { title: 'build', command: [process.execPath, 'scripts/build.mjs', '--tests'] },
  { title: 'format and lint', command: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  { title: 'layers', command: [process.execPath, 'scripts/check-layers.mjs'] },
];

const TESTS = [
  { title: 'tests of the whole program', command: [bin('mocha'), WHOLE_PROGRAM] },
  {
    title: 'tests of the parts',
    command: [bin('mocha'), '--ignore', WHOLE_PROGRAM, 'dist-test/**/*.test.js'],
  },
];

/** Resolves with the exit code and the output, which is shown when the part is done. */
async function run({ title, command: [program, ...args] }) {
  const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const code = await new Promise((resolve) => child.once('close', (status) => resolve(status ?? 1)));
  process.stdout.write(`\n== ${title}\n${output}`);
  return { title, code, output };
}

/** What mocha counted last under that name. */
function counted({ output }, name) {
  const counts = [...output.matchAll(new RegExp(`^  (\\d+) ${name}\\b`, 'gm'))];
  return Number(counts.at(-1)?.[1] ?? 0);
}

function total(results, name) {
  return results.reduce((sum, result) => sum + counted(result, name), 0);
}

for (const step of STEPS) {
  const { code } = await run(step);
  if (code !== 0) process.exit(code);
}
const results = await Promise.all(TESTS.map(run));
const silent = results.filter((result) => counted(result, 'passing') === 0);
const bad = results.filter(({ code }) => code !== 0);
for (const { title } of silent) console.log(`\nNone of the ${title} passed.`);
for (const { title, code } of bad) console.log(`\nThe ${title} ended with ${code}.`);
console.log(
  `\n${total(results, 'passing')} passed, ${total(results, 'failing')} failed, ${total(results, 'pending')} skipped`,
);
process.exit(silent.length + bad.length === 0 ? 0 : 1);
