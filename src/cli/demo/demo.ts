import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mirror } from '../../domain/mirror.js';
import type { Portfolio } from '../../domain/portfolio-view.js';
import type { SyncReport } from '../../domain/report.js';
import {
  type BackfillReport,
  type Coverage,
  type CredentialProvider,
  type ExchangeDataSynchronizer,
  exchangeDataSynchronizer,
  type Proof,
  type StartOptions,
} from '../../index.js';
import type { Truth } from '../../simulator/truth.js';
import { type Difference, findDifferences } from './differences.js';
import { SimulatorProcess } from './simulator-process.js';
import { temporaryDirectory } from './temporary-directory.js';

/** One round of syncs of everything, what it left in the database, and what was true at that time. */
export interface Round {
  readonly reports: readonly SyncReport[];
  readonly portfolio: Portfolio;
  readonly mirror: Mirror;
  readonly truth: Truth;
  readonly differences: readonly Difference[];
  readonly durationMs: number;
}

export interface DemoHistory {
  readonly backfill: BackfillReport;
  readonly coverage: Coverage;
  readonly proof: Proof;
}

export interface DemoOutcome {
  readonly rounds: readonly [first: Round, second: Round];
  readonly history: DemoHistory;
}

export interface DemoObserver {
  /** What begins now, for a person. */
  readonly step: (text: string) => void;
  readonly round: (round: Round) => void;
}

/** How far the market moves between the two rounds. */
const STEPS = 2;

/**
 * The main job on simulated exchanges: real clients over real HTTP into a real PostgreSQL, twice, with trading
 * in between. Uses a temporary directory and invented keys; settings and real keys of the user are not read.
 */
export class Demo {
  readonly #synchronizer: ExchangeDataSynchronizer = exchangeDataSynchronizer;
  readonly #releases: (() => Promise<unknown>)[] = [];

  async run({ step, round }: DemoObserver): Promise<DemoOutcome> {
    step('Starting simulated exchanges and an embedded PostgreSQL ...');
    const directory = await temporaryDirectory('exchange-sync-demo-');
    this.#releases.push(() => rm(directory, { recursive: true, force: true }));
    const simulator = await SimulatorProcess.start();
    this.#releases.push(() => simulator.stop());
    this.#releases.push(() => this.#synchronizer.stop());
    await this.#synchronizer.start(demoOptions(simulator, directory, await simulator.truth()));

    step(
      'First sync of three accounts, everything from nothing. The key of bybit/sub1 may not read one wallet, on purpose:',
    );
    const first = await this.#round(simulator);
    round(first);
    step('The market moves, orders fill, coins are sold. Second sync:');
    await simulator.advance(STEPS);
    const second = await this.#round(simulator);
    round(second);
    step('The history of the accounts, from when they were opened, and whether it explains what is there:');
    const history = await this.#history();
    return { rounds: [first, second], history };
  }

  /** Gives back whatever was acquired, the last first; also in the middle of a run. */
  async release(): Promise<void> {
    for (let release = this.#releases.pop(); release !== undefined; release = this.#releases.pop()) {
      await release();
    }
  }

  /** What the three commands of those names do. */
  async #history(): Promise<DemoHistory> {
    const backfill = await this.#synchronizer.backfill();
    const [coverage, proof] = await Promise.all([this.#synchronizer.coverage(), this.#synchronizer.proof()]);
    return { backfill, coverage, proof };
  }

  async #round(simulator: SimulatorProcess): Promise<Round> {
    const startedAtMs = performance.now();
    const exchanges = Object.keys(simulator.ready.proxyUrls);
    const reports = await Promise.all(exchanges.map((exchange) => this.#synchronizer.triggerSync(exchange)));
    const durationMs = Math.round(performance.now() - startedAtMs);
    const [portfolio, mirror, truth] = await Promise.all([
      this.#synchronizer.portfolio(),
      this.#synchronizer.mirror(),
      simulator.truth(),
    ]);
    const differences = findDifferences(mirror, truth);
    return { reports: reports.flat(), portfolio, mirror, truth, differences, durationMs };
  }
}

function demoOptions({ ready }: SimulatorProcess, directory: string, truth: Truth): StartOptions {
  const connections = Object.entries(ready.proxyUrls).map(([exchange, proxyUrl]) => [exchange, { proxyUrl }]);
  return {
    env: {},
    exchanges: Object.keys(ready.proxyUrls),
    connections: Object.fromEntries(connections),
    credentials: inventedKeys(ready),
    openedOn: Object.fromEntries(openings(truth)),
    enabled: false,
    dataDir: join(directory, 'data'),
    vaultFile: join(directory, 'no-vault.json'),
    logDir: join(directory, 'logs'),
    logLevel: 'CRITICAL',
  };
}

/** What the owner of an account knows. */
function openings({ exchanges }: Truth): readonly (readonly [account: string, day: string])[] {
  return Object.entries(exchanges).flatMap(([exchange, { accounts }]) =>
    Object.entries(accounts).map(([account, { openedAtMs }]) => {
      return [`${exchange}/${account}`, new Date(openedAtMs).toISOString().slice(0, 10)] as const;
    }),
  );
}

function inventedKeys({ accounts }: SimulatorProcess['ready']): CredentialProvider {
  return {
    name: 'demo',
    accounts: async (exchange) =>
      accounts.filter((each) => each.exchange === exchange).map(({ account }) => account),
    credentials: async ({ exchange, account }) =>
      accounts.find((each) => each.exchange === exchange && each.account === account)?.credentials,
  };
}
