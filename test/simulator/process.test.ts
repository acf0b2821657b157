import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { SimulatorReady } from '#src/simulator/main.js';
import { ask } from './simulated-http.js';

const MAIN = fileURLToPath(import.meta.resolve('#src/simulator/main.js'));

describe('the simulator as a process of its own', () => {
  let child: ChildProcess | undefined;

  afterEach(() => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  });

  it('says where it is, to a parent that forked it, and ends when the channel closes', async () => {
    child = fork(MAIN, ['forked'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [ready] = (await once(child, 'message')) as [SimulatorReady];
    expect(ready.accounts.map(({ exchange, account }) => `${exchange}/${account}`)).to.deep.equal([
      'bybit/main',
      'bybit/sub1',
      'binance/main',
    ]);
    expect((await ask(`${ready.url}/control/truth`)).json.seed).to.equal('forked');
    expect((await ask(`${ready.proxyUrls.binance}https://api.binance.com/api/v3/time`)).status).to.equal(200);
    child.disconnect();
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });

  it('says where it is in one line of its output, and ends with its input', async () => {
    const piped = spawn(process.execPath, [MAIN], { stdio: ['pipe', 'pipe', 'inherit'] });
    child = piped;
    const [line] = (await once(createInterface(piped.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as SimulatorReady;
    expect((await ask(`${url}/control/requests`)).json.total).to.equal(0);
    piped.stdin.end();
    expect(await once(piped, 'exit')).to.deep.equal([0, null]);
  });

  it('makes a big world when it is told to', async () => {
    child = fork(MAIN, ['big', '--preset', 'million', '--fills', '3000', '--days', '100'], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const [ready] = (await once(child, 'message')) as [SimulatorReady];
    const { main } = (await ask(`${ready.url}/control/truth`)).json.exchanges.bybit.accounts;
    expect(main.happened.fills).to.equal(3_000);
    expect((Date.now() - main.openedAtMs) / (24 * 60 * 60_000)).to.be.within(100, 100.1);
    child.disconnect();
    await once(child, 'exit');
  });

  it('refuses what it can not make', async () => {
    for (const wrong of [
      ['--preset', 'giant'],
      ['--preset', 'million', '--fills', 'many'],
    ]) {
      child = fork(MAIN, wrong, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
      expect(await once(child, 'exit')).to.deep.equal([1, null]);
    }
  });

  it('ends on SIGTERM', async () => {
    child = fork(MAIN, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await once(child, 'message');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
  });
});
