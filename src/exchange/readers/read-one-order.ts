import { ExchangeSyncError } from '../../domain/errors.js';
import type { OrderRecord } from '../../domain/records.js';
import type { ReadContext } from '../exchange-client.js';
import type { CcxtExchange } from '../exchange-session.js';
import type { OpenOrderScopeProfile } from '../profiles/profile.js';
import { type AnswerOrigin, asDictionary, asList, badResponse, isDictionary } from './answer.js';
import { isOrderNotFound } from './order-not-found.js';
import { orderSet } from './order-set.js';
import type { ReaderOptions } from './reader-options.js';
import { noStatus, orderConventions, toOrderRecord } from './to-order-record.js';

export interface WantedOrder {
  readonly symbol: string;
  readonly orderId: string;
}

/** Undefined: the exchange does not know the order any more. */
export async function readOneOrder(
  options: ReaderOptions,
  scope: OpenOrderScopeProfile,
  order: WantedOrder,
  context: ReadContext,
): Promise<OrderRecord | undefined> {
  if (scope.readOrder === undefined) {
    throw new ExchangeSyncError('NOT_SUPPORTED', `${scope.id}: one order cannot be asked for`);
  }
  const { params, past } = scope.readOrder;
  const { symbol, orderId } = order;
  // Its market was listed when the order was stored. ccxt refuses to ask for orders of a market that is gone.
  if (options.session.ccxt.markets[symbol] === undefined) return undefined;
  const read = new OneOrderReader(options, scope, order, context);
  const answer = await read.call('fetchOrder', (ccxt) => ccxt.fetchOrder(orderId, symbol, { ...params }));
  if (answer !== undefined) return read.recordOf(answer, 'fetchOrder');
  if (past === undefined) return undefined;
  const list = await read.call(past.method, (ccxt) =>
    ccxt[past.method](symbol, undefined, undefined, { [past.idParam]: orderId }),
  );
  const found = asList(list ?? [], read.origin(past.method)).find(
    (row) => isDictionary(row) && row.id === orderId,
  );
  return found === undefined ? undefined : read.recordOf(found, past.method);
}

class OneOrderReader {
  readonly #options: ReaderOptions;
  readonly #scope: OpenOrderScopeProfile;
  readonly #order: WantedOrder;
  readonly #context: ReadContext;

  constructor(
    options: ReaderOptions,
    scope: OpenOrderScopeProfile,
    order: WantedOrder,
    context: ReadContext,
  ) {
    this.#options = options;
    this.#scope = scope;
    this.#order = order;
    this.#context = context;
  }

  origin(method: string): AnswerOrigin {
    return { exchange: this.#options.session.exchange, scope: this.#scope.id, method };
  }

  /** Undefined: there is no such order, which is an answer: neither retried nor counted as a failure. */
  call(method: string, work: (ccxt: CcxtExchange) => Promise<unknown>): Promise<unknown> {
    const purpose = { context: this.#context, scope: this.#scope.id, method };
    return this.#options.session.call(purpose, async (ccxt) => {
      try {
        return await work(ccxt);
      } catch (error: unknown) {
        if (isOrderNotFound(error, this.#scope.readOrder?.notFoundCodes)) return undefined;
        throw error;
      }
    });
  }

  recordOf(answer: unknown, method: string): OrderRecord {
    const origin = this.origin(method);
    const set = orderSet();
    const conventions = orderConventions(this.#options.profile, this.#scope);
    const order = toOrderRecord(set, asDictionary(answer, origin), conventions, noStatus);
    const [rejected] = set.rejected;
    if (rejected !== undefined) throw badResponse(origin, `is not an order (${rejected.reason})`);
    const { orderId } = this.#order;
    if (order?.record.orderId !== orderId) throw badResponse(origin, `is another order than ${orderId}`);
    return order.record;
  }
}
