import type { Clock } from '../../domain/clock.js';
import type { Logger } from '../../logging/logger.js';
import { currentCall, inCall } from '../ccxt/call-context.js';
import type { RawExchange } from '../ccxt/raw-exchange.js';
import type { ReadContext } from '../exchange-client.js';
import type { ExchangeSession } from '../exchange-session.js';
import { SharedTask } from './shared-task.js';

const MEASURE_EVERY_MS = 3_600_000;
/** After a measurement that failed. */
const MEASURE_AGAIN_MS = 600_000;

export interface ClockSyncOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** A client without a key: the first signed request must not be the one that asks for the time. */
  readonly exchange: RawExchange;
  readonly session: ExchangeSession;
}

/** How far this machine's clock is ahead of the exchange's. Signed requests carry the exchange's time. */
export class ClockSync {
  readonly #options: ClockSyncOptions;
  #aheadMs: number | undefined;
  #measureAtMs = Number.NEGATIVE_INFINITY;
  readonly #measuring = new SharedTask((context) => this.#measure(context));

  constructor(options: ClockSyncOptions) {
    this.#options = options;
  }

  /** `undefined`: not measured yet, or the exchange tells no time. */
  get aheadMs(): number | undefined {
    return this.#aheadMs;
  }

  /** Where the time cannot be had, signed requests go out by this machine's clock. */
  async ensure(context: ReadContext): Promise<void> {
    const { clock, logger, exchange } = this.#options;
    if (clock.now() < this.#measureAtMs) return;
    try {
      await this.measure(context);
    } catch (error: unknown) {
      if (context.signal.aborted) throw error;
      this.#measureAtMs = clock.now() + MEASURE_AGAIN_MS;
      logger.warning("The exchange's time could not be read", { exchange: exchange.id, error });
    }
  }

  /** One measurement serves all who ask while it is under way. */
  async measure(context: ReadContext): Promise<void> {
    if (this.#options.exchange.has.fetchTime === true) await this.#measuring.run(context);
  }

  async #measure(context: ReadContext): Promise<void> {
    const { clock, session, exchange } = this.#options;
    await session.call({ context, scope: 'server time', method: 'fetchTime' }, async () => {
      let sentAtMs = clock.now();
      const onSend = (atMs: number) => {
        sentAtMs = atMs;
      };
      const serverMs = Number(await inCall({ ...currentCall(), onSend }, () => exchange.fetchTime()));
      if (!Number.isFinite(serverMs)) return;
      const answeredAtMs = clock.now();
      // The server looked at its clock about half-way between question and answer.
      this.#aheadMs = Math.round((sentAtMs + answeredAtMs) / 2 - serverMs);
      this.#measureAtMs = answeredAtMs + MEASURE_EVERY_MS;
    });
  }
}
