import { chmod, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { findDifferences } from '#src/cli/demo/differences.js';
import type { SyncReport } from '#src/domain/report.js';
import { until } from '../support/until.js';
import { hostPath } from './support/hosts.js';
import { useSandbox } from './support/sandbox.js';

/** Less than what container runtimes wait before they kill. */
const STOP_DEADLINE_MS = 10_000;

describe('the service', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ exchanges: ['bybit'] });

  /** Paths that were asked for, apart from what any request needs first. */
  function asked(): readonly string[] {
    const paths = sandbox.simulator.requests.counts().map(({ account, path }) => `${account ?? '*'} ${path}`);
    return paths.filter(
      (path) => !/market\/(time|instruments-info)|account\/info|user\/query-api/.test(path),
    );
  }

  async function dueTimes() {
    return await sandbox.stored.query<{ target: string; due: Date }>(
      `SELECT account || ' ' || data_type AS target, next_sync AS due FROM :sync_status ORDER BY 1`,
    );
  }

  it('syncs at once and by its interval, a line of JSON each, until SIGTERM', async () => {
    const service = sandbox.start(['run', '--interval=0.05', '--json']);
    const reports = () =>
      service.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as SyncReport)
        .filter(({ account, dataType }) => account === 'main' && dataType === 'portfolio');
    await until('three rounds', () => reports().length >= 3, 30_000);
    expect(reports().every(({ status }) => status === 'ok')).to.equal(true);
    const signalledMs = performance.now();
    service.kill('SIGTERM');
    const { code, stderr } = await service.ended;
    expect(code).to.equal(143);
    expect(performance.now() - signalledMs).to.be.lessThan(STOP_DEADLINE_MS);

    const runIds = new Set(
      (await sandbox.stored.query('SELECT run_id FROM :sync_history')).map((row) => row.run_id),
    );
    const lines = stderr.split('\n').filter((line) => / Sync (finished|is partial|failed) /.test(line));
    expect(lines).to.have.length.greaterThan(20);
    for (const line of lines) expect(runIds, line).to.include(/\[([0-9a-f-]{36})\]/.exec(line)?.[1]);
    expect(await logFiles()).to.have.length(1);
    expect((await logFiles())[0]).to.contain(lines[0]?.split('] ')[1]);
  });

  async function logFiles(): Promise<readonly string[]> {
    const directory = join(sandbox.home, 'logs');
    const names = (await readdir(directory)).filter((name) => /^exchange_sync_.*\.log$/.test(name));
    return await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')));
  }

  it('asks for nothing before it is due, also after a restart', async () => {
    await sandbox.stored.query(`UPDATE :sync_status SET next_sync = now() + interval '20 minutes'`);
    await sandbox.stored.query(
      `UPDATE :sync_status SET next_sync = now() WHERE account = 'main' AND data_type = 'balances'`,
    );
    const before = await dueTimes();
    sandbox.simulator.requests.reset();
    const service = sandbox.start(['run', '--interval=30', '--json']);
    await until('the one sync that is due', () => service.stdout.includes('\n'));
    service.kill('SIGINT');
    const { code, stdout } = await service.ended;
    expect(code).to.equal(130);
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as SyncReport);
    expect(reports.map(({ account, dataType }) => [account, dataType])).to.deep.equal([['main', 'balances']]);
    expect(asked()).to.have.members([
      'main /v5/account/wallet-balance',
      'main /v5/asset/transfer/query-account-coins-balance',
    ]);
    const after = await dueTimes();
    const changed = after.filter(({ due }, index) => due.getTime() !== before[index]?.due.getTime());
    expect(changed.map(({ target }) => target)).to.deep.equal(['main balances']);
    expect(changed[0]?.due.getTime()).to.be.closeTo(Date.now() + 30 * 60_000, 60_000);
  });

  it('does nothing by itself where its schedule is turned off, and what it is asked to', async () => {
    await sandbox.stored.query('UPDATE :sync_status SET next_sync = now()');
    sandbox.simulator.requests.reset();
    const env = { EXCHANGE_SYNC_ENABLED: 'off' };
    const host = sandbox.spawn(process.execPath, [hostPath('triggering-host')], { env, conversing: true });
    await host.ask('start');
    const { result } = await host.ask<{ result: SyncReport[] }>('sync bybit/sub1 positions');
    expect(result.map(({ account, dataType, status }) => [account, dataType, status])).to.deep.equal([
      ['sub1', 'positions', 'ok'],
    ]);
    expect(new Set(asked())).to.deep.equal(new Set(['sub1 /v5/position/list']));

    const { error } = await host.ask<{ error: { code: string } }>('sync bybit ballances');
    expect(error.code).to.equal('DATA_TYPE_UNKNOWN');
    expect((await host.ask<{ error: { code: string } }>('sync bybitt')).error.code).to.equal(
      'EXCHANGE_UNKNOWN',
    );
    expect((await host.ask<{ error: { code: string } }>('sync kraken')).error.code).to.equal(
      'EXCHANGE_NOT_CONFIGURED',
    );
    expect((await host.ask<{ error: { code: string } }>('sync bybit/sub9')).error.code).to.equal(
      'EXCHANGE_NOT_CONFIGURED',
    );
    host.kill('SIGTERM');
    await host.ended;
  });

  describe('killed in the middle of a sync', () => {
    for (const [when, obstruct] of [
      ['between two wallets', stallFundingWallet],
      ['inside the transaction', lockHistory],
    ] as const) {
      it(`${when} leaves no half data type, and the next run mends it`, async () => {
        sandbox.simulator.world.advance();
        const stored = await sandbox.stored.mirrored();
        const obstruction = await obstruct();
        const service = sandbox.start(['run', '--one-time', '--json']);
        await obstruction.reached();
        service.kill('SIGKILL');
        expect((await service.ended).signal).to.equal('SIGKILL');
        await obstruction.clear();
        // What the killed process still holds runs out by itself.
        await sandbox.stored.query('UPDATE :sync_leases SET expires_at = now() WHERE owner IS NOT NULL');
        const { exchange_balances } = await sandbox.stored.mirrored();
        expect(exchange_balances?.filter(ofMain)).to.deep.equal(stored.exchange_balances?.filter(ofMain));

        const { code, stderr } = await sandbox.run(['run', '--one-time']);
        expect(code, stderr).to.equal(3);
        const { bybit } = sandbox.simulator.truth().exchanges;
        const truth = { ...sandbox.simulator.truth(), exchanges: { ...(bybit && { bybit }) } };
        expect(findDifferences(await sandbox.stored.mirror(), truth)).to.deep.equal([]);
        expect((await sandbox.stored.mirrored()).exchange_balances).to.not.deep.equal(
          stored.exchange_balances,
        );
      });
    }

    const ofMain = (row: string) => row.startsWith('(bybit,main,');

    async function stallFundingWallet() {
      const match = { path: '/v5/asset/transfer/query-account-coins-balance', account: 'main' };
      const { faults } = sandbox.simulator;
      const { id } = faults.add({ match, effect: { kind: 'stall' } });
      return {
        reached: async () =>
          void (await until('the stalled wallet', () => faults.active().some((fault) => fault.hits > 0))),
        clear: async () => faults.clear(id),
      };
    }

    /** History is the last that a sync writes. */
    async function lockHistory() {
      await sandbox.stored.query('BEGIN');
      await sandbox.stored.query('LOCK TABLE :sync_history IN SHARE MODE');
      const waiting = () =>
        sandbox.stored.query(
          `SELECT FROM pg_locks JOIN pg_class ON pg_class.oid = relation
           WHERE NOT granted AND relname = 'sync_history' AND relnamespace = '"${sandbox.stored.schema}"'::regnamespace`,
        );
      return {
        reached: async () =>
          void (await until('a write that waits', async () => (await waiting()).length > 0)),
        clear: async () => {
          await sandbox.stored.query('COMMIT');
          await until('the end of its transactions', async () => (await waiting()).length === 0);
        },
      };
    }
  });

  describe('with the embedded database', () => {
    const env = { DATABASE_URL: undefined, DB_SCHEMA: undefined };

    before('let the server in', () => chmod(sandbox.home, 0o755));

    it('shows no secret among the processes, and leaves no server behind when it is killed', async () => {
      const service = sandbox.start(['run', '--interval=30'], { env });
      await service.printed(/Sync finished .*dataType=portfolio/, 30_000);
      const server = await serverPid();
      expect(isAlive(server)).to.equal(true);
      const commands = await commandLines();
      expect(commands).to.contain(join(sandbox.home, '.exchange-sync'));
      for (const secret of sandbox.secrets) expect(commands).to.not.contain(secret);

      service.kill('SIGKILL');
      await service.ended;
      await until('the end of the server', () => !isAlive(server));

      const { code, stdout, stderr } = await sandbox.run(['portfolio', '--json'], { env });
      expect(code, stderr).to.equal(0);
      expect(JSON.parse(stdout).items).to.have.length.greaterThan(10);
    });

    async function serverPid(): Promise<number> {
      const names = await readdir(join(sandbox.home, '.exchange-sync'), { recursive: true });
      const name = names.find((each) => each.endsWith('postmaster.pid')) ?? '';
      const text = await readFile(join(sandbox.home, '.exchange-sync', name), 'utf8');
      return Number(text.split('\n')[0]);
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process.
    return false;
  }
}

/** Of every process here, as `ps` shows them to everybody. */
async function commandLines(): Promise<string> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // Some end while they are listed.
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.join('\n').replaceAll('\0', ' ');
}
