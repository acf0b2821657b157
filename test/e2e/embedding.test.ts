import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { useSandbox } from './support/sandbox.js';

const execute = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript7/bin/tsc');

/** Of the archive. */
const LARGEST_ARCHIVE_BYTES = 800_000;

describe('the packed package, in a project of its own', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ exchanges: ['bybit'] });
  let project: string;
  let installed: string;
  let archive: {
    readonly filename: string;
    readonly size: number;
    readonly files: readonly { readonly path: string }[];
  };

  before('pack and install it', async () => {
    project = await sandbox.directory('project');
    const env = { PATH: process.env.PATH, HOME: sandbox.home, npm_config_update_notifier: 'false' };
    const { stdout } = await execute(
      'npm',
      ['pack', '--ignore-scripts', '--offline', '--json', '--pack-destination', project],
      { cwd: ROOT, env },
    );
    [archive] = JSON.parse(stdout) as [typeof archive];
    installed = join(project, 'node_modules/exchange-sync');
    await mkdir(installed, { recursive: true });
    await execute('tar', ['-xzf', join(project, archive.filename), '--strip-components=1', '-C', installed]);
    await linkDependencies();
    await writeFile(join(project, 'package.json'), '{ "name": "host", "private": true, "type": "module" }');
  });

  /** As npm would install them: what package.json names, and the types that a host in TypeScript has. */
  async function linkDependencies(): Promise<void> {
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
      optionalDependencies: Record<string, string>;
    };
    const names = [
      ...Object.keys(manifest.dependencies),
      ...Object.keys(manifest.optionalDependencies),
      '@types/node',
    ];
    for (const name of names) await link(name);
  }

  async function link(name: string): Promise<void> {
    const source = join(ROOT, 'node_modules', name);
    const exists = await stat(source).then(
      () => true,
      // An optional one that is not made for this machine.
      () => false,
    );
    if (!exists) return;
    await mkdir(dirname(join(project, 'node_modules', name)), { recursive: true });
    await symlink(source, join(project, 'node_modules', name));
  }

  /** Against the types of the packed package; gives what the host runs as. */
  async function compile(host: string): Promise<string> {
    const source = fileURLToPath(new URL(`../../test/e2e/packed/${host}.mts`, import.meta.url));
    await cp(source, join(project, `${host}.mts`));
    const strict = [
      '--strict',
      '--exactOptionalPropertyTypes',
      '--noUncheckedIndexedAccess',
      '--skipLibCheck',
      'false',
    ];
    const target = ['--target', 'es2023', '--module', 'nodenext', '--types', 'node'];
    const compiling = sandbox.spawn(process.execPath, [TSC, ...strict, ...target, `${host}.mts`], {
      cwd: project,
    });
    expect(await compiling.ended).to.deep.include({ code: 0, stdout: '', stderr: '' });
    return `${host}.mjs`;
  }

  it('holds what it needs, and neither tests nor sources nor secrets', async () => {
    const paths = archive.files.map(({ path }) => path);
    const unexpected = paths.filter(
      (path) =>
        !/^(dist\/.+\.(js|d\.ts|sql)|docs\/.+|examples\/.+|README\.md|LICENSE|package\.json)$/.test(path),
    );
    expect(unexpected).to.deep.equal([]);
    expect(
      paths.filter((path) => /(^|\/)(tests?|fixtures)\/|\.test\.|\.map$|\.env/.test(path)),
    ).to.deep.equal([]);
    expect(paths).to.include.members([
      'dist/index.js',
      'dist/index.d.ts',
      'dist/cli/main.js',
      'README.md',
      'LICENSE',
    ]);
    expect(archive.size).to.be.lessThan(LARGEST_ARCHIVE_BYTES);
    const files = (await readdir(installed, { recursive: true, withFileTypes: true })).filter((each) =>
      each.isFile(),
    );
    for (const file of files) {
      const text = await readFile(join(file.parentPath, file.name), 'utf8');
      for (const secret of sandbox.secrets) expect(text.includes(secret), file.name).to.equal(false);
    }
  });

  it('does nothing when it is imported or required', async () => {
    const before = await readdir(project);
    for (const line of [`await import('exchange-sync')`, `require('exchange-sync').runOnce.call`]) {
      const type = line.startsWith('await') ? 'module' : 'commonjs';
      const program = sandbox.spawn(process.execPath, [`--input-type=${type}`, '--eval', line], {
        cwd: project,
      });
      const { code, stdout, stderr } = await program.ended;
      expect({ code, stdout }, stderr).to.deep.equal({ code: 0, stdout: '' });
      // Node 20 says that requiring an ES module is experimental.
      if (type === 'module') expect(stderr).to.equal('');
    }
    expect(await readdir(project)).to.deep.equal(before);
  });

  it('runs as the command that npm links', async () => {
    const { bin, version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
      version: string;
    };
    const command = sandbox.spawn(join(installed, bin['exchange-sync'] ?? ''), ['--version'], {
      cwd: project,
    });
    expect(await command.ended).to.deep.include({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('compiles into a strict host by its types, and does there what it says', async () => {
    const host = await compile('embedding-host');
    const { code, stdout, stderr } = await sandbox.spawn(process.execPath, [host], { cwd: project }).ended;
    expect(code, stderr).to.equal(0);
    expect(stderr, 'the log goes to the logger of the host').to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal({
      early: 'NOT_STARTED',
      sharesItsPromise: true,
      singleton: true,
      reports: [
        '* prices ok',
        'main balances ok',
        'main ledger ok',
        'main orders ok',
        'main portfolio ok',
        'main positions ok',
        'main trades ok',
        'main transfers ok',
        'sub1 balances partial',
        'sub1 ledger partial',
        'sub1 orders ok',
        'sub1 portfolio partial',
        'sub1 positions ok',
        'sub1 trades ok',
        'sub1 transfers partial',
      ],
      events: true,
      loggedRuns: true,
      unknownType: 'DATA_TYPE_UNKNOWN',
      isAnError: 'EXCHANGE_UNKNOWN',
      stopped: 'STOPPED',
      again: 'ok',
      quantity: '0.000000000000000001',
      synced: true,
      history: 3,
    });
    expect(await readdir(project), 'no log files beside the logger of the host').to.not.include('logs');
  });

  it('serves as a plugin where Fastify is installed too', async () => {
    await link('fastify');
    const host = await compile('fastify-host');
    const { code, stdout, stderr } = await sandbox.spawn(process.execPath, [host], { cwd: project }).ended;
    expect(code, stderr).to.equal(0);
    expect(JSON.parse(stdout)).to.deep.equal({
      synced: [200, 'balances ok', 'prices ok', 'portfolio ok'],
      sameAsTheCall: true,
      withoutToken: 401,
      state: 'stopped',
    });
  });
});
