import type { DecimalString } from '../../domain/decimal-string.js';
import { add, isZero, multiply, negate } from '../../ledger/decimal.js';
import type { SimulatedAccount, Trade } from './account.js';
import { truncated } from './amounts.js';
import { applyToPosition } from './apply-to-position.js';
import { conventions } from './conventions.js';
import type { Journal, Leg } from './journal.js';
import { type Order, type OrderTerms, remaining } from './order.js';
import type { OrderIds } from './order-ids.js';
import { contractValue } from './position.js';

const FEE_RATES = { spot: '0.001', linear: '0.00055', inverse: '0.00055', option: '0.0002' } as const;

/** Opens, fills and cancels orders. Every fill is one event in the journal. */
export class Trading {
  readonly #journal: Journal;
  readonly #ids: OrderIds;

  constructor({ journal, ids }: { journal: Journal; ids: OrderIds }) {
    this.#journal = journal;
    this.#ids = ids;
  }

  open(account: SimulatedAccount, terms: OrderTerms, timestampMs: number): Order {
    const order: Order = {
      ...terms,
      ...this.#ids.order(terms),
      createdAtMs: timestampMs,
      state: terms.condition === undefined ? 'new' : 'untriggered',
      filled: '0',
      fillPrice: undefined,
      filledValue: '0',
      fee: '0',
      feeAsset: undefined,
      updatedAtMs: timestampMs,
    };
    account.orders.push(order);
    return order;
  }

  /** The trigger price was reached: from now on it is an order like others, or is replaced by one. */
  trigger(account: SimulatedAccount, order: Order, timestampMs: number): void {
    order.updatedAtMs = timestampMs;
    const { triggerPlacesOrder } = conventions(account.identity.exchange);
    if (!triggerPlacesOrder.includes(order.market.kind)) {
      order.state = 'new';
      return;
    }
    order.state = 'triggered';
    const { market, side, type, price, amount, reduceOnly = false, positionSide } = order;
    const hedge = positionSide === undefined ? {} : { positionSide };
    const terms = { market, side, type, price, amount, reduceOnly, ...hedge, placedBy: order.id };
    this.open(account, terms, timestampMs);
  }

  cancel(order: Order, timestampMs: number): void {
    if (order.state === 'untriggered') order.state = 'deactivated';
    else order.state = isZero(order.filled) ? 'canceled' : 'partially-filled-canceled';
    order.updatedAtMs = timestampMs;
  }

  /** Fills `amount` of the order at its own price, or at the market's when it has none. */
  fill(account: SimulatedAccount, order: Order, amount: DecimalString, timestampMs: number): void {
    const price = order.fillPrice ?? order.price ?? order.market.prices.last ?? order.market.prices.mark;
    const role = order.type === 'limit' ? 'maker' : 'taker';
    const { legs, fee, feeAsset } = this.#settle(account, order, amount, price, timestampMs);
    order.fillPrice = price;
    order.filled = add(order.filled, amount);
    order.filledValue = add(order.filledValue, contractValue(order.market, amount, price));
    order.fee = add(order.fee, fee);
    order.feeAsset = feeAsset;
    order.state = isZero(remaining(order)) ? 'filled' : 'partially-filled';
    order.updatedAtMs = timestampMs;
    const trade: Trade = {
      id: this.#ids.trade(order),
      order,
      amount,
      price,
      fee,
      feeAsset,
      role,
      timestampMs,
    };
    account.trades.push(trade);
    const reference = { orderId: order.id, tradeId: trade.id, symbol: order.market.symbol };
    this.#journal.post({ timestampMs, kind: 'trade', legs, reference });
  }

  #settle(
    account: SimulatedAccount,
    order: Order,
    amount: DecimalString,
    price: DecimalString,
    timestampMs: number,
  ): { legs: readonly Leg[]; fee: DecimalString; feeAsset: string } {
    const { market, side } = order;
    const { wallets, decimals } = conventions(account.identity.exchange);
    const book = account.book(wallets[market.kind]);
    const value = contractValue(market, amount, price);
    const flows: [asset: string, amount: DecimalString][] = [];
    let feeAsset = market.settle ?? (side === 'buy' ? market.base : market.quote);
    let feeBase = value;
    if (market.kind === 'spot') {
      feeBase = side === 'buy' ? amount : value;
      flows.push([market.base, side === 'buy' ? amount : negate(amount)]);
      flows.push([market.quote, side === 'buy' ? negate(value) : value]);
    } else {
      feeAsset = market.settle ?? market.quote;
      const realized = applyToPosition(account, { order, amount, price, timestampMs });
      const premium = side === 'buy' ? negate(value) : value;
      flows.push([feeAsset, market.kind === 'option' ? premium : realized]);
    }
    const fee = truncated(multiply(feeBase, FEE_RATES[market.kind]), decimals);
    const legs = flows.flatMap(([asset, change]) => [
      { book, asset, amount: change },
      { book: '@market', asset, amount: negate(change) },
    ]);
    legs.push(
      { book, asset: feeAsset, amount: negate(fee) },
      { book: '@fees', asset: feeAsset, amount: fee },
    );
    return { legs, fee, feeAsset };
  }
}
