import type { DecimalString } from '../../domain/decimal-string.js';
import { add, compare, divide, isZero, multiply, negate, subtract } from '../../ledger/decimal.js';
import type { SimulatedAccount, Trade } from './account.js';
import { truncated } from './amounts.js';
import { conventions } from './conventions.js';
import type { Journal, Leg } from './journal.js';
import type { Market } from './market.js';
import { type Order, type OrderTerms, remaining } from './order.js';
import type { OrderIds } from './order-ids.js';
import { contractValue, isHeld, type Position, profit } from './position.js';

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
    if (order.market.kind === 'spot' || !triggerPlacesOrder) {
      order.state = 'new';
      return;
    }
    order.state = 'triggered';
    const { market, side, type, price, amount, reduceOnly = false } = order;
    this.open(account, { market, side, type, price, amount, reduceOnly }, timestampMs);
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
      const realized = applyToPosition(account, order, amount, price, timestampMs);
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

/** Changes the position by one fill; what it realises in the settle currency, 0 where it only grows. */
function applyToPosition(
  account: SimulatedAccount,
  order: Order,
  amount: DecimalString,
  price: DecimalString,
  timestampMs: number,
): DecimalString {
  const { market, side } = order;
  const direction = side === 'buy' ? 'long' : 'short';
  const position = account.positions.get(market.symbol) ?? emptyPosition(order, timestampMs);
  account.positions.set(market.symbol, position);
  position.updatedAtMs = timestampMs;
  if (!isHeld(position) || position.side === direction) {
    position.averagePrice = blendedPrice(market, position, amount, price);
    position.side = direction;
    position.size = add(position.size, amount);
    return '0';
  }
  const closed = compare(amount, position.size) > 0 ? position.size : amount;
  const realized = profit(position, closed, price);
  position.realizedPnl = add(position.realizedPnl, realized);
  position.size = subtract(position.size, closed);
  const opened = subtract(amount, closed);
  if (!isZero(opened)) {
    position.side = direction;
    position.size = opened;
    position.averagePrice = price;
  }
  return realized;
}

function emptyPosition({ market, side }: Order, timestampMs: number): Position {
  return {
    market,
    leverage: market.kind === 'option' ? '1' : '10',
    createdAtMs: timestampMs,
    side: side === 'buy' ? 'long' : 'short',
    size: '0',
    averagePrice: '0',
    realizedPnl: '0',
    updatedAtMs: timestampMs,
  };
}

/** The average entry price after adding to a position, cut as exchanges do. */
function blendedPrice(
  market: Market,
  position: Position,
  amount: DecimalString,
  price: DecimalString,
): DecimalString {
  if (!isHeld(position)) return price;
  const size = add(position.size, amount);
  if (market.kind === 'inverse') {
    const value = add(divide(position.size, position.averagePrice), divide(amount, price));
    return truncated(divide(size, value), 8);
  }
  const value = add(multiply(position.size, position.averagePrice), multiply(amount, price));
  return truncated(divide(value, size), 8);
}
