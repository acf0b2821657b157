import type { Clock } from '../../domain/clock.js';
import { currentCall, inCall } from '../ccxt/call-context.js';
import type { RawExchange } from '../ccxt/raw-exchange.js';
import type { ReadContext } from '../exchange-client.js';
import type { ExchangeSession } from '../exchange-session.js';

const MEASURE_EVERY_MS = 3_600_000;

export interface ClockSyncOptions {
  readonly clock: Clock;
  /** A client without a key: the first signed request must not be the one that asks for the time. */
  readonly exchange: RawExchange;
  readonly session: ExchangeSession;
}

/** How far this machine's clock is ahead of the exchange's. Signed requests carry the exchange's time. */
export class ClockSync {
  readonly #options: ClockSyncOptions;
  #aheadMs: number | undefined;
  #measuredAtMs = Number.NEGATIVE_INFINITY;
  #measuring: Promise<void> | undefined;

  constructor(options: ClockSyncOptions) {
    this.#options = options;
  }

  /** `undefined`: not measured yet, or the exchange tells no time. */
  get aheadMs(): number | undefined {
    return this.#aheadMs;
  }

  async ensure(context: ReadContext): Promise<void> {
    if (this.#options.clock.now() - this.#measuredAtMs >= MEASURE_EVERY_MS) await this.measure(context);
  }

  /** One measurement serves all who ask while it is under way. */
  async measure(context: ReadContext): Promise<void> {
    if (this.#options.exchange.has.fetchTime !== true) return;
    this.#measuring ??= this.#measure(context).finally(() => {
      this.#measuring = undefined;
    });
    await this.#measuring;
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
      this.#measuredAtMs = clock.now();
      // The server looked at its clock about half-way between question and answer.
      this.#aheadMs = Math.round((sentAtMs + this.#measuredAtMs) / 2 - serverMs);
    });
  }
}
