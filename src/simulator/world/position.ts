import type { DecimalString } from '../../domain/decimal-string.js';
import type { PositionSide } from '../../domain/records.js';
import { add, divide, isZero, multiply, negate, subtract } from '../../ledger/decimal.js';
import { floorToStep, truncated } from './amounts.js';
import type { Market } from './market.js';

/** One per account and market, in hedge mode one per side. It stays, with size 0, when it was closed. */
export interface Position {
  readonly market: Market;
  readonly marginMode: 'cross' | 'isolated';
  readonly isHedged: boolean;
  readonly leverage: DecimalString;
  readonly createdAtMs: number;
  side: PositionSide;
  /** Contracts, never negative. */
  size: DecimalString;
  averagePrice: DecimalString;
  realizedPnl: DecimalString;
  updatedAtMs: number;
}

/** What an account keeps a position under. */
export function positionKey(symbol: string, hedgedSide: PositionSide | undefined): string {
  return hedgedSide === undefined ? symbol : `${symbol} ${hedgedSide}`;
}

/** A slot that nothing was ever in. */
export function emptyPosition(market: Market): Position {
  return {
    market,
    marginMode: 'cross',
    isHedged: false,
    leverage: '10',
    createdAtMs: 0,
    side: 'long',
    size: '0',
    averagePrice: '0',
    realizedPnl: '0',
    updatedAtMs: 0,
  };
}

const DECIMALS = 8;

/** Maintenance margin of every market, of the position's value. */
const MAINTENANCE_RATE = '0.005';

/** What `contracts` (or a spot amount) are worth at `price`: in the quote currency, inverse ones in the settle currency. */
export function contractValue(market: Market, contracts: DecimalString, price: DecimalString): DecimalString {
  if (isZero(contracts)) return '0';
  const face = multiply(contracts, market.contractSize);
  // Spot markets write every digit, so that what was paid is price times amount.
  if (market.kind === 'spot') return multiply(face, price);
  return truncated(market.kind === 'inverse' ? divide(face, price) : multiply(face, price), DECIMALS);
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

/** Where a position with a margin of its own is liquidated; undefined in cross margin. */
export function liquidationPrice(position: Position): DecimalString | undefined {
  const { market, marginMode, side, averagePrice, leverage } = position;
  if (marginMode === 'cross') return undefined;
  const room = subtract(divide('1', leverage), MAINTENANCE_RATE);
  const factor = side === 'long' ? subtract('1', room) : add('1', room);
  return floorToStep(multiply(averagePrice, factor), market.tickSize);
}

export function isHeld(position: Pick<Position, 'size'>): boolean {
  return !isZero(position.size);
}
