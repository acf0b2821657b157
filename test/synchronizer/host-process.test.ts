import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';

const run = promisify(execFile);
const host = (name: string) => fileURLToPath(new URL(`./hosts/${name}.js`, import.meta.url));

describe('a host process', () => {
  it('gets nothing but the synchronizer by importing the package', async () => {
    const { stdout, stderr } = await run(process.execPath, [host('importing-host')]);
    const { importMs, packages, ...rest } = JSON.parse(stdout) as { importMs: number; packages: string[] };
    expect(stderr).to.equal('');
    expect(importMs).to.be.a('number');
    expect(packages).to.include('eventemitter3');
    for (const heavy of [
      'ccxt',
      'pg',
      'winston',
      'opossum',
      'p-retry',
      'zod',
      'undici',
      'fastify',
      'typebox',
    ]) {
      expect(packages).to.not.include(heavy);
    }
    expect(rest).to.deep.equal({
      ownScripts: 1,
      resources: [],
      state: 'idle',
      sameEnvironment: true,
      newListeners: [],
    });
  });

  describe('that starts it', () => {
    let child: ChildProcess | undefined;
    let logDir: string;

    beforeEach(async () => {
      logDir = await mkdtemp(join(tmpdir(), 'exchange-sync-host-'));
    });

    afterEach(async () => {
      child?.kill('SIGKILL');
      await rm(logDir, { recursive: true, force: true });
    });

    it('is kept alive until stop, then by nothing, and never loads ccxt or pg', async () => {
      const started = spawn(process.execPath, [host('starting-host'), logDir], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child = started;
      const said: { what: string; packages?: string[] }[] = [];
      for await (const line of createInterface({ input: started.stdout })) {
        said.push(JSON.parse(line));
        if (said.at(-1)?.what === 'started') started.kill('SIGUSR2');
      }
      const [code] = started.exitCode === null ? await once(started, 'exit') : [started.exitCode];
      expect(said.map(({ what }) => what)).to.deep.equal([
        'started',
        'still alive',
        'stopped',
        'nothing left to do',
      ]);
      expect(code).to.equal(0);
      const packages = said[2]?.packages;
      expect(packages).to.include('winston');
      for (const foreign of ['ccxt', 'pg', 'opossum', 'p-retry']) expect(packages).to.not.include(foreign);
      const files = (await readdir(logDir)).filter((name) => name.endsWith('.log'));
      expect(files).to.have.length(1);
      expect(await readFile(join(logDir, files[0] ?? ''), 'utf8')).to.not.equal('');
    });
  });
});
