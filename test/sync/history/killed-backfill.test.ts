import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { BackfillReport } from '#src/domain/backfill-report.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { useTestDatabase } from '../../support/postgres.js';
import type { BackfillProcessOptions } from '../processes/backfill-process.js';
import { simulatedSettings } from './simulated-engine.js';

const SCRIPT = fileURLToPath(new URL('../processes/backfill-process.js', import.meta.url));
const DAY = 24 * 60 * 60 * 1000;
const AGE_DAYS = 40;
const FILLS = 3000;
/** In the midst of which history each process is killed. */
const KILLS = [
  ...Array.from({ length: 4 }, () => 'transfers'),
  ...Array.from({ length: 8 }, () => 'ledger'),
  ...Array.from({ length: 8 }, () => 'trades'),
];
/** Of that history, before it is. */
const MOST_PAGES = 6;

describe('a backfill that is killed over and over', function () {
  this.timeout(300_000);
  const test = useTestDatabase();
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({
      seed: 'killed',
      historyMs: AGE_DAYS * DAY,
      plan: {
        accounts: [
          {
            exchange: 'bybit',
            account: 'main',
            holdings: [],
            history: { fills: FILLS, bursts: [{ at: 1000, size: 250 }] },
          },
        ],
      },
    });
  });

  afterEach(() => simulator.stop());

  it('loses nothing, doubles nothing, and repeats no more than a page each time', async () => {
    const openedMs = Date.now() - (AGE_DAYS + 1) * DAY;
    const options = {
      settings: simulatedSettings(simulator, test.settings, { accountOpenings: { 'bybit/main': openedMs } }),
      accounts: simulator.accounts,
    };
    let pages = 0;
    let seed = 7;
    for (const dataType of KILLS) {
      seed = (seed * 48_271) % 2_147_483_647;
      const run = new KilledBackfill(options, { dataType, pages: 1 + (seed % MOST_PAGES) });
      pages += await run.end();
      expect(run.report, `it was done before it was killed in ${dataType}`).to.equal(undefined);
    }
    const last = new KilledBackfill(options);
    pages += await last.end();
    expect(last.report?.results.map(({ status, errors }) => [status, errors])).to.deep.equal(
      Array.from({ length: 3 }, () => ['ok', []]),
    );

    const truth = simulator.history('bybit', 'main');
    expect(await stored('exchange_trades', `symbol || ' ' || trade_id || ' ' || side`)).to.have.members(
      [...truth.fills()].map(({ symbol, tradeId, side }) => `${symbol} ${tradeId} ${side}`),
    );
    expect(await stored('exchange_transfers', `kind || ' ' || id`)).to.have.members(
      [...truth.transfers()].map(({ kind, id }) => `${kind} ${id}`),
    );
    const { rows: gaps } = await test.database.query(
      `SELECT scope FROM "${test.schema}".sync_coverage GROUP BY data_type, scope HAVING count(*) > 1`,
    );
    expect(gaps).to.deep.equal([]);
    const { rows: proofs } = await test.database.query<{ state: string }>(
      `SELECT DISTINCT state FROM "${test.schema}".balance_proofs WHERE checked_at = (SELECT max(checked_at) FROM "${test.schema}".balance_proofs)`,
    );
    expect(proofs).to.deep.equal([{ state: 'proven' }]);
    const asked = simulator.requests.counts().filter(({ account }) => account === 'main');
    const requests = asked.reduce((sum, { count }) => sum + count, 0);
    // A page under way when its process was killed is asked for again; what else is asked is balances and the like.
    expect(requests - pages).to.be.at.most(2 * KILLS.length + 20);
  });

  async function stored(table: string, key: string): Promise<readonly string[]> {
    const { rows } = await test.database.query<{ key: string }>(
      `SELECT ${key} AS key FROM "${test.schema}".${table}`,
    );
    return rows.map((row) => row.key);
  }
});

/** A backfill in a process of its own that is killed as soon as it has told of so many pages. */
class KilledBackfill {
  report: BackfillReport | undefined;
  #pages = 0;
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;

  constructor(options: BackfillProcessOptions, kill?: { readonly dataType: string; readonly pages: number }) {
    let left = kill?.pages ?? 0;
    this.#child = spawn(process.execPath, [SCRIPT], {
      // Everybody can read arguments, and other tests look for secrets in them.
      env: { ...process.env, PROCESS_OPTIONS: JSON.stringify(options) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#closed = once(this.#child, 'close');
    createInterface({ input: this.#child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const { name, payload } = JSON.parse(line);
      if (name === 'report') this.report = payload;
      else {
        this.#pages += 1;
        if (payload.dataType === kill?.dataType) left -= 1;
      }
      if (kill !== undefined && left === 0) this.#child.kill('SIGKILL');
    });
  }

  /** Gives how many pages it told of. */
  async end(): Promise<number> {
    await this.#closed;
    return this.#pages;
  }
}
