import type {
  HistoryPaging,
  RangeParams,
  TradeScopeProfile,
  TransferScopeProfile,
} from './history-scopes.js';
import type { ExchangeProfile } from './profile.js';

const DAY = 24 * 60 * 60 * 1000;

/** Before the first exchange that ccxt has. */
const FIRST_EXCHANGE = Date.UTC(2011, 0, 1);

const RANGE: RangeParams = { to: 'until', includesFrom: true, includesTo: false };

/** The slice of ccxt's `features` of fetchMyTrades that is used here. */
export interface FillFeatures {
  readonly limit?: number;
  readonly symbolRequired?: boolean;
  readonly untilDays?: number;
  readonly daysBack?: number;
}

/**
 * Nobody says whether a full page lacks its oldest or its newest rows: it is asked for again in halves. Fewer rows
 * are asked for than the exchange is said to give, so that a page that it cut is seen.
 */
function pages(limit: number): HistoryPaging {
  return { kind: 'single', cutAt: limit };
}

/**
 * Undefined: ccxt does not say how many rows come at once or how long a range may be, so that no list could be
 * known to be complete.
 */
export function genericFills(
  type: 'spot' | 'swap' | 'future' | 'option',
  params: object,
  { limit = 0, untilDays = 0, daysBack = 0, symbolRequired }: FillFeatures,
): TradeScopeProfile | undefined {
  if (!(limit > 0) || !(untilDays > 0)) return undefined;
  return {
    id: type,
    method: 'fetchMyTrades',
    params: { ...params },
    paging: pages(Math.min(limit, 100)),
    range: RANGE,
    windowMs: Math.min(untilDays, 90) * DAY,
    ...(daysBack > 0 && { retentionMs: daysBack * DAY }),
    servedFromMs: FIRST_EXCHANGE,
    needsSymbol: symbolRequired === true,
    markets: { [type]: true },
    isMixed: true,
    lateMs: DAY,
    flow: type === 'spot' ? 'exchange' : 'none',
  };
}

/** ccxt says nothing of these lists: ten rows at a time are fewer than any exchange gives. */
function shipments(kind: 'deposit' | 'withdrawal', method: string): TransferScopeProfile {
  return {
    id: `${kind}s`,
    method,
    params: {},
    paging: pages(10),
    range: RANGE,
    windowMs: 30 * DAY,
    servedFromMs: FIRST_EXCHANGE,
    lateMs: DAY,
    kind,
    hasUnifiedStatus: true,
    statuses: { ok: 'ok', pending: 'pending', failed: 'failed', canceled: 'canceled' },
  };
}

export function genericTransfers(has: Readonly<Record<string, unknown>>): ExchangeProfile['transfers'] {
  return [
    ...(has.fetchDeposits === true ? [shipments('deposit', 'fetchDeposits')] : []),
    ...(has.fetchWithdrawals === true ? [shipments('withdrawal', 'fetchWithdrawals')] : []),
  ];
}
