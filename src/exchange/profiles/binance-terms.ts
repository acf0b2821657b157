import type { RangeParams } from './history-scopes.js';

/* What the lists of binance's histories share. */

export const MINUTE = 60 * 1000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const BINANCE_OPENED = Date.UTC(2017, 6, 14);
export const BINANCE_FUTURES_OPENED = Date.UTC(2019, 8, 1);
/** Six months have at least so many days. */
export const SIX_MONTHS = 180 * DAY;

export const BINANCE_RANGE: RangeParams = {
  from: 'startTime',
  to: 'endTime',
  includesFrom: true,
  includesTo: true,
};

/** ccxt's names of the two futures wallets. */
export const USD_M = { type: 'future', subType: 'linear' };
export const COIN_M = { type: 'delivery', subType: 'inverse' };
