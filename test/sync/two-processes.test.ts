import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { SYNCED_DATA_TYPES } from '#src/domain/data-type.js';
import type { SyncReport } from '#src/domain/report.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { everyInterval } from '../support/intervals.js';
import { useTestDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';
import type { EngineProcessOptions } from './processes/engine-process.js';
import { overlapsIn, type SeenRequest, WatchedExchange } from './processes/watched-exchange.js';

const SCRIPT = fileURLToPath(new URL('./processes/engine-process.js', import.meta.url));
const ACCOUNTS = Array.from({ length: 50 }, (_, index) => `sub${index + 1}`);
const STOPS = 10;
const INTERVAL_MS = 1_200;
const LEASE_MS = 1_000;
const FAR_MS = 3_600_000;
/** An account that nobody takes over would wait for as long as the test lasts. */
const LOST_MS = 10_000;
/** Every sync of balances begins with this one. */
const FIRST_REQUEST = /\/v5\/account\/wallet-balance/;

describe('two processes with the same fifty accounts', () => {
  const test = useTestDatabase();
  let simulator: Simulator;
  let exchange: WatchedExchange;
  let processes: EngineProcess[];

  beforeEach(async () => {
    processes = [];
    simulator = await startSimulator({
      plan: {
        accounts: ACCOUNTS.map((account) => ({
          exchange: 'bybit',
          account,
          holdings: [
            ['UNIFIED', 'USDT', '1000'],
            ['FUND', 'BTC', '0.1'],
          ],
        })),
      },
    });
    exchange = new WatchedExchange(simulator.url);
    await leaveAlone(SYNCED_DATA_TYPES.filter((dataType) => dataType !== 'balances'));
  });

  afterEach(async () => {
    for (const each of processes) await each.end();
    await exchange.close();
    await simulator.stop();
  });

  it('never sync one at once, refuse the writes of the one that was stopped, and lose no time', async function () {
    this.timeout(90_000);
    const stopped = await start('stopped');
    const steady = await start('steady');
    await until(
      'every account to be synced',
      async () => (await syncedAccounts()) === ACCOUNTS.length,
      30_000,
    );

    for (let stop = 0; stop < STOPS; stop += 1) {
      const { apiKey } = await stopInTheMidst(stopped);
      const mark = exchange.seen.length;
      await until('the other process to take over', () =>
        exchange.seen.slice(mark).some((seen) => isOf(seen, steady, apiKey) && seen.endedAt !== undefined),
      );
      stopped.signal('SIGCONT');
      await until('the refusal', async () => (await refusedWrites()) > stop);
    }

    for (const each of processes) await each.end();
    expect(overlapsIn(exchange.seen, FIRST_REQUEST)).to.deep.equal([]);
    expect(await refusedWrites()).to.be.at.least(STOPS);
    // A lease that ran out and that nobody took is still good for telling what happened.
    const lost = processes.flatMap(({ reports }) => reports.filter(isLost));
    const told = await historyOf(lost);
    expect(lost.length - told.length).to.equal(await refusedWrites());
    expect(told.filter(({ status }) => status !== 'failed')).to.deep.equal([]);
    expect(await longestGapMs()).to.be.below(LOST_MS);
  });

  async function start(name: string): Promise<EngineProcess> {
    const each = new EngineProcess(name, {
      database: test.settings,
      proxyUrl: await exchange.door(name),
      keys: Object.fromEntries(
        simulator.accounts.map(({ account, credentials }) => [`bybit/${account}`, credentials]),
      ),
      intervalMs: { ...everyInterval(FAR_MS), balances: INTERVAL_MS },
      leaseDurationMs: LEASE_MS,
    });
    processes.push(each);
    return each;
  }

  /** Stops it while its next request is under way, so that it holds a lease. */
  async function stopInTheMidst(process: EngineProcess): Promise<SeenRequest> {
    const seen = await new Promise<SeenRequest>((resolve) => {
      exchange.onRequest = (each) => {
        if (each.process !== process.name || !FIRST_REQUEST.test(each.what)) return;
        exchange.onRequest = undefined;
        process.signal('SIGSTOP');
        resolve(each);
      };
    });
    return seen;
  }

  async function leaveAlone(dataTypes: readonly string[]): Promise<void> {
    await test.database.query(
      `INSERT INTO "${test.schema}".sync_status (exchange_id, account, data_type, next_sync)
       SELECT 'bybit', account, data_type, now() + INTERVAL '1 hour'
       FROM unnest($1::text[]) AS account, unnest($2::text[]) AS data_type`,
      [[...ACCOUNTS, '*'], dataTypes],
    );
  }

  async function syncedAccounts(): Promise<number> {
    const { rows } = await test.database.query<{ count: number }>(
      `SELECT count(DISTINCT account)::int AS count FROM "${test.schema}".sync_history WHERE success`,
    );
    return rows[0]?.count ?? 0;
  }

  async function refusedWrites(): Promise<number> {
    const { rows } = await test.database.query<{ count: number }>(
      `SELECT coalesce(sum(refused_writes), 0)::int AS count FROM "${test.schema}".sync_leases`,
    );
    return rows[0]?.count ?? 0;
  }

  async function historyOf(reports: readonly SyncReport[]): Promise<readonly { readonly status: string }[]> {
    const { rows } = await test.database.query<{ status: string }>(
      `SELECT status FROM "${test.schema}".sync_history WHERE run_id = ANY ($1::text[])`,
      [reports.map(({ runId }) => runId)],
    );
    return rows;
  }

  /** Between two successful syncs of one account, from the first one of all accounts to now. */
  async function longestGapMs(): Promise<number> {
    const { rows } = await test.database.query<{ gap: number }>(
      `SELECT (extract(epoch FROM max(gap)) * 1000)::float8 AS gap
       FROM (
         SELECT created_at - lag(created_at) OVER (PARTITION BY account ORDER BY created_at) AS gap
         FROM (
           SELECT account, created_at FROM "${test.schema}".sync_history WHERE success
           UNION ALL SELECT DISTINCT account, now() FROM "${test.schema}".sync_history
         ) AS syncs
       ) AS gaps`,
    );
    return rows[0]?.gap ?? Number.POSITIVE_INFINITY;
  }

  function isOf(seen: SeenRequest, { name }: EngineProcess, apiKey: string): boolean {
    return seen.process === name && seen.apiKey === apiKey;
  }
});

function isLost({ errors }: SyncReport): boolean {
  return errors.some(({ code }) => code === 'LEASE_LOST');
}

class EngineProcess {
  readonly name: string;
  readonly reports: SyncReport[] = [];
  readonly #child: ChildProcess;

  constructor(name: string, options: EngineProcessOptions) {
    this.name = name;
    this.#child = spawn(process.execPath, [SCRIPT], {
      // Everybody can read arguments, and other tests look for secrets in them.
      env: { ...process.env, PROCESS_OPTIONS: JSON.stringify(options) },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.reports.push(JSON.parse(line) as SyncReport);
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.signal('SIGCONT');
    const closed = once(this.#child, 'close');
    this.#child.stdin?.end();
    await closed;
  }
}
