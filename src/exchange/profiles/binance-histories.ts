import { BINANCE_LEDGER } from './binance-ledger.js';
import {
  BINANCE_FUTURES_OPENED,
  BINANCE_OPENED,
  BINANCE_RANGE,
  DAY,
  MINUTE,
  SIX_MONTHS,
} from './binance-terms.js';
import { BINANCE_TRANSFERS } from './binance-transfers.js';
import type { TradeScopeProfile } from './history-scopes.js';
import type { ExchangeProfile, MarketFilter } from './profile.js';

/*
 * What binance tells of the past. Evidence for every line: docs/exchanges/binance.md.
 *
 * Spot counts from its fills, conversions and distributions, the two futures wallets from their income, which
 * is their whole statement. What comes from outside and what leaves counts from the transfers.
 */

/** `fromId` is taken without times only: a full page of a window goes on by it. */
const BY_ID = {
  kind: 'after-id',
  idField: 'id',
  idParam: 'fromId',
  withoutRange: true,
  pageLimit: 1000,
} as const;

const SPOT_FILLS: TradeScopeProfile = {
  id: 'spot',
  method: 'fetchMyTrades',
  // The symbol says which list it is; binance refuses what it does not know.
  params: {},
  // A day per request would be thousands of requests for the years of each symbol.
  paging: { ...BY_ID, firstId: { id: '0', beyondWindows: 30 } },
  range: BINANCE_RANGE,
  windowMs: DAY,
  servedFromMs: BINANCE_OPENED,
  needsSymbol: true,
  markets: { spot: true },
  lateMs: 10 * MINUTE,
  flow: 'exchange',
};

/** What they change is in the income, which alone has funding, liquidations and rebates as well. */
function futuresFills(id: string, markets: MarketFilter): TradeScopeProfile {
  return {
    id,
    method: 'fetchMyTrades',
    params: {},
    paging: BY_ID,
    range: BINANCE_RANGE,
    windowMs: 7 * DAY,
    retentionMs: SIX_MONTHS,
    servedFromMs: BINANCE_FUTURES_OPENED,
    needsSymbol: true,
    markets,
    lateMs: 10 * MINUTE,
    flow: 'none',
  };
}

export const BINANCE_HISTORIES: Pick<ExchangeProfile, 'trades' | 'transfers' | 'ledger'> = {
  trades: [SPOT_FILLS, futuresFills('USD-M', { linear: true }), futuresFills('COIN-M', { inverse: true })],
  transfers: BINANCE_TRANSFERS,
  ledger: BINANCE_LEDGER,
};
