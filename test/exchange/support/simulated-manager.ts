import type { Credentials } from '#src/credentials/credentials.js';
import { type Clock, systemClock } from '#src/domain/clock.js';
import { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { exchangeReaders } from '#src/exchange/exchange-readers.js';
import type { Simulator } from '#src/simulator/simulator.js';
import { silentLogger } from '../../support/silent-logger.js';

export interface SimulatedManagerOptions {
  readonly simulator: Simulator;
  readonly exchange: string;
  /** In the place of those that the simulator knows. */
  readonly credentials?: Credentials;
  readonly clock?: Clock;
  readonly callDeadlineMs?: number;
  /** Gets the names of what is emitted. */
  readonly events?: string[];
}

/** The real manager with the readers, before a simulated exchange. Its retries do not wait. */
export function simulatedManager(options: SimulatedManagerOptions): ExchangeManager {
  const { simulator, exchange, credentials = {}, callDeadlineMs = 120_000, events = [] } = options;
  const { clock = systemClock } = options;
  return new ExchangeManager({
    settings: [
      {
        id: exchange,
        connection: { testnet: false, proxyUrl: simulator.proxyUrl(exchange) },
        accountConnections: {},
      },
    ],
    credentials: {
      resolve: async (ref) => {
        const known = simulator.accounts.find(
          (one) => one.exchange === ref.exchange && one.account === ref.account,
        );
        return { credentials: { ...known!.credentials, ...credentials }, source: 'simulator' };
      },
    },
    readers: exchangeReaders,
    clock,
    logger: silentLogger,
    emit: (name) => events.push(name),
    random: () => 0,
    callDeadlineMs,
  });
}
