import type { BackfillReport } from '#src/domain/backfill-report.js';
import type { SynchronizerEvent } from '#src/domain/events.js';
import type { AssetProof } from '#src/domain/proof-view.js';
import { isNotOffered, type SyncReport } from '#src/domain/report.js';
import { createEngine, type Engine } from '#src/engine/engine.js';
import type { EngineSettings } from '#src/engine/engine-options.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { okxMarkets } from '#src/simulator/world/okx-markets.js';
import { everyInterval } from '../../support/intervals.js';
import { silentLogger } from '../../support/silent-logger.js';
import { type AccountHistoryTruth, historyOf } from './history-truth.js';
import { type SkippingClock, skippingClock } from './skipping-clock.js';
import type { WorldOfHistories } from './world-plans.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const TIMES = 60;
/** Of syncs until everything is decided; each of them is some minutes after the one before. */
const MOST_ROUNDS = 12;

/** A world, and an engine that mirrors it; one clock for both. */
export class LivedWorld {
  readonly simulator: Simulator;
  /** Of the world: when its accounts were opened. */
  readonly openedMs: number;
  readonly #plan: WorldOfHistories;
  readonly #clock: SkippingClock;
  readonly #database: EngineSettings['database'];
  /** `bybit/main BTC`: what was told not to add up. */
  readonly #told = new Set<string>();
  #engine: Engine | undefined;

  private constructor(
    plan: WorldOfHistories,
    simulator: Simulator,
    clock: SkippingClock,
    database: EngineSettings['database'],
  ) {
    this.#plan = plan;
    this.#clock = clock;
    this.#database = database;
    this.simulator = simulator;
    this.openedMs = clock.now() - plan.days * DAY_MS;
  }

  static async start(plan: WorldOfHistories, database: EngineSettings['database']): Promise<LivedWorld> {
    const clock = skippingClock(TIMES);
    const { seed, accounts, days, drift, lateMs } = plan;
    const simulator = await startSimulator({
      ...{ seed, clock, historyMs: days * DAY_MS },
      plan: (listedMs) => ({ accounts, markets: okxMarkets(listedMs) }),
    });
    const { serving } = simulator.world;
    if (drift > 0) serving.add({ kind: 'drift', match: {}, rows: drift });
    if (lateMs > 0) serving.add({ kind: 'late', match: {}, lateMs });
    return new LivedWorld(plan, simulator, clock, database);
  }

  async stop(): Promise<void> {
    await this.#engine?.stop(5_000);
    await this.simulator.stop();
  }

  get engine(): Engine {
    if (this.#engine === undefined) throw new Error('the world has no engine yet');
    return this.#engine;
  }

  histories(): readonly AccountHistoryTruth[] {
    return this.simulator.world.accounts.map((account) => historyOf(this.simulator, account));
  }

  now(): number {
    return this.#clock.now();
  }

  pass(durationMs: number): void {
    this.#clock.skip(durationMs);
  }

  /** An engine that has never seen anything. */
  async restart(): Promise<void> {
    await this.#engine?.stop(5_000);
    this.#told.clear();
    this.#engine = await createEngine({
      settings: this.#settings(),
      mode: 'on-demand',
      clock: this.#clock,
      leaseDurationMs: 30 * MINUTE_MS,
      host: {
        credentials: {
          accounts: async (exchange) =>
            this.simulator.accounts.filter((one) => one.exchange === exchange).map(({ account }) => account),
          resolve: async ({ exchange, account }) => {
            const known = this.simulator.accounts.find(
              (one) => one.exchange === exchange && one.account === account,
            );
            return known && { credentials: known.credentials, source: 'simulator' };
          },
        },
        logger: silentLogger,
        emit: (event) => this.#note(event),
      },
    });
  }

  async backfill(): Promise<BackfillReport> {
    const { openedIsTold } = this.#plan;
    const fromMs = openedIsTold ? undefined : this.openedMs - DAY_MS;
    return await this.engine.backfill({ allSymbols: false, ...(fromMs !== undefined && { fromMs }) });
  }

  /**
   * Syncs now and then until what is there now is judged: nothing is pending, and what does not add up was looked for
   * and told.
   */
  async settle(): Promise<readonly AssetProof[]> {
    const sinceMs = this.now();
    let undecided: readonly string[] = [];
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      this.pass(7 * MINUTE_MS);
      const bad = (await this.#syncAll()).filter((report) => report.status !== 'ok' && !isNotOffered(report));
      const { assets } = await this.engine.proof({});
      undecided = [
        ...bad.map(({ exchange, dataType, errors }) => `${exchange} ${dataType} ${JSON.stringify(errors)}`),
        ...assets.filter((proof) => !this.#isDecided(proof, sinceMs)).map((proof) => JSON.stringify(proof)),
      ];
      if (undecided.length === 0 && assets.length > 0) return assets;
    }
    throw new Error(`still undecided after ${MOST_ROUNDS} syncs: ${undecided.join('\n')}`);
  }

  #isDecided(proof: AssetProof, sinceMs: number): boolean {
    // Unknown: a trigger spends little time on older history, and the next one goes on.
    if (Date.parse(proof.observedAt) < sinceMs || ['pending', 'unknown'].includes(proof.state)) return false;
    return proof.state !== 'unexplained' || this.#told.has(nameOf(proof));
  }

  async #syncAll(): Promise<readonly SyncReport[]> {
    const exchanges = [...new Set(this.simulator.accounts.map(({ exchange }) => exchange))];
    const reports = await Promise.all(
      exchanges.map((exchange) => this.engine.triggerSync(exchange, undefined, 'all')),
    );
    return reports.flat();
  }

  #note({ name, payload }: SynchronizerEvent): void {
    if (name === 'proof:unexplained') this.#told.add(nameOf(payload));
  }

  #settings(): EngineSettings {
    const { accounts, openedIsTold } = this.#plan;
    const exchanges = [...new Set(accounts.map(({ exchange }) => exchange))];
    const dayMs = Math.floor(this.openedMs / DAY_MS) * DAY_MS;
    const openings = accounts.map(({ exchange, account }) => [`${exchange}/${account}`, dayMs]);
    return {
      exchanges: exchanges.map((id) => ({
        id,
        connection: { testnet: false, proxyUrl: this.simulator.proxyUrl(id) },
        accountConnections: {},
      })),
      schedule: { enabled: false, intervalMs: everyInterval(30 * MINUTE_MS) },
      database: this.#database,
      vault: { file: '/nonexistent/vault.json' },
      logging: { level: 'INFO', consoleLevel: 'INFO', directory: '' },
      quoteCurrency: 'USDT',
      historyRetentionDays: 90,
      costBasisMethod: 'average',
      accountOpenings: openedIsTold ? Object.fromEntries(openings) : {},
      snapshots: { fullDays: 7, hourlyDays: 90 },
    };
  }
}

function nameOf({ exchange, account, asset }: AssetProof): string {
  return `${exchange}/${account} ${asset}`;
}
