import type { DecimalString } from '../../domain/decimal-string.js';
import type { PositionSide } from '../../domain/records.js';
import { divide, isZero, multiply, negate, subtract } from '../../ledger/decimal.js';
import { truncated } from './amounts.js';
import type { Market } from './market.js';

/** A position in one-way mode: one per account and market. It stays, with size 0, when it was closed. */
export interface Position {
  readonly market: Market;
  readonly leverage: DecimalString;
  readonly createdAtMs: number;
  side: PositionSide;
  /** Contracts, never negative. */
  size: DecimalString;
  averagePrice: DecimalString;
  realizedPnl: DecimalString;
  updatedAtMs: number;
}

const DECIMALS = 8;

/** Maintenance margin of every market, of the position's value. */
const MAINTENANCE_RATE = '0.005';

/** What `contracts` (or a spot amount) are worth at `price`: in the quote currency, inverse ones in the settle currency. */
export function contractValue(market: Market, contracts: DecimalString, price: DecimalString): DecimalString {
  if (isZero(contracts)) return '0';
  const face = multiply(contracts, market.contractSize);
  const value = market.kind === 'inverse' ? divide(face, price) : multiply(face, price);
  return truncated(value, DECIMALS);
}

/** In the settle currency; what closing `contracts` of the position at `price` gains. */
export function profit(position: Position, contracts: DecimalString, price: DecimalString): DecimalString {
  const { market, side, averagePrice } = position;
  const entry = contractValue(market, contracts, averagePrice);
  const exit = contractValue(market, contracts, price);
  const long = market.kind === 'inverse' ? subtract(entry, exit) : subtract(exit, entry);
  return side === 'long' ? long : negate(long);
}

export function unrealizedPnl(position: Position): DecimalString {
  return profit(position, position.size, position.market.prices.mark);
}

/** Worth at the mark price. */
export function notional(position: Position): DecimalString {
  return contractValue(position.market, position.size, position.market.prices.mark);
}

export function initialMargin(position: Position): DecimalString {
  return truncated(divide(notional(position), position.leverage), DECIMALS);
}

export function maintenanceMargin(position: Position): DecimalString {
  return truncated(multiply(notional(position), MAINTENANCE_RATE), DECIMALS);
}

export function isHeld(position: Pick<Position, 'size'>): boolean {
  return !isZero(position.size);
}
