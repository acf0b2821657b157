import type { AccountRef } from '#src/domain/account.js';
import { accountId } from '#src/domain/account.js';
import type { Clock } from '#src/domain/clock.js';
import type { SynchronizerEvent } from '#src/domain/events.js';
import { createEngine, type Engine } from '#src/engine/engine.js';
import type { EngineSettings } from '#src/engine/engine-options.js';
import type { Simulator } from '#src/simulator/simulator.js';
import { everyInterval } from '../../support/intervals.js';
import { silentLogger } from '../../support/silent-logger.js';

const HOUR = 60 * 60 * 1000;

/** What a synchronizer of all of the simulator's accounts is configured with. */
export function simulatedSettings(
  simulator: Pick<Simulator, 'accounts' | 'proxyUrl'>,
  database: EngineSettings['database'],
  changes: Partial<EngineSettings> = {},
): EngineSettings {
  const exchanges = [...new Set(simulator.accounts.map(({ exchange }) => exchange))];
  return {
    exchanges: exchanges.map((id) => ({
      id,
      connection: { testnet: false, proxyUrl: simulator.proxyUrl(id) },
      accountConnections: {},
    })),
    schedule: { enabled: false, intervalMs: everyInterval(HOUR) },
    database,
    vault: { file: '/nonexistent/vault.json' },
    logging: { level: 'INFO', consoleLevel: 'INFO', directory: '' },
    quoteCurrency: 'USDT',
    costBasisMethod: 'average',
    historyRetentionDays: 90,
    accountOpenings: {},
    snapshots: { fullDays: 7, hourlyDays: 90 },
    ...changes,
  };
}

export interface SimulatedEngine {
  readonly engine: Engine;
  readonly events: SynchronizerEvent[];
}

/** An engine without its worker thread, on demand. */
export async function simulatedEngine(
  simulator: Simulator,
  settings: EngineSettings,
  clock?: Clock,
): Promise<SimulatedEngine> {
  const events: SynchronizerEvent[] = [];
  const engine = await createEngine({
    settings,
    mode: 'on-demand',
    ...(clock !== undefined && { clock }),
    host: {
      credentials: {
        accounts: async (exchange) =>
          simulator.accounts.filter((each) => each.exchange === exchange).map(({ account }) => account),
        resolve: async (account: AccountRef) => {
          const known = simulator.accounts.find((each) => accountId(each) === accountId(account));
          return known === undefined ? undefined : { credentials: { ...known.credentials }, source: 'test' };
        },
      },
      logger: silentLogger,
      emit: (event) => void events.push(event),
    },
  });
  return { engine, events };
}
