import type { DecimalString } from '../../domain/decimal-string.js';
import { add, compare, divide, isZero, multiply, subtract } from '../../ledger/decimal.js';
import type { SimulatedAccount } from './account.js';
import { truncated } from './amounts.js';
import type { Market } from './market.js';
import type { Order } from './order.js';
import { emptyPosition, isHeld, type Position, positionKey, profit } from './position.js';

/** One fill of a contract's order. */
export interface PositionFill {
  readonly order: Order;
  readonly amount: DecimalString;
  readonly price: DecimalString;
  readonly timestampMs: number;
}

/** Changes the position by one fill; what it realises in the settle currency, 0 where it only grows. */
export function applyToPosition(
  account: SimulatedAccount,
  { order, amount, price, timestampMs }: PositionFill,
): DecimalString {
  const { market, positionSide } = order;
  const direction = order.side === 'buy' ? 'long' : 'short';
  const key = positionKey(market.symbol, positionSide);
  const position = account.positions.get(key) ?? openSlot(order, direction, timestampMs);
  account.positions.set(key, position);
  position.updatedAtMs = timestampMs;
  // In hedge mode a position keeps its side, and orders of the other direction only make it smaller.
  const grows =
    positionSide === undefined
      ? !isHeld(position) || position.side === direction
      : positionSide === direction;
  if (grows) {
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
  if (positionSide === undefined && !isZero(opened)) {
    position.side = direction;
    position.size = opened;
    position.averagePrice = price;
  }
  return realized;
}

function openSlot(order: Order, direction: Position['side'], timestampMs: number): Position {
  const { market, positionSide, isIsolated = false } = order;
  return {
    ...emptyPosition(market),
    leverage: market.kind === 'option' ? '1' : '10',
    marginMode: isIsolated ? 'isolated' : 'cross',
    isHedged: positionSide !== undefined,
    side: positionSide ?? direction,
    createdAtMs: timestampMs,
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
