import type { IdPaging } from './paging.js';
import type { ExchangeProfile, OpenOrderScopeProfile, RecentOrderScopeProfile } from './profile.js';
import { recentScope } from './recent-scope.js';

/*
 * What is read of an okx account. One account trades everything; orders are listed by instrument type, and
 * algo orders by their own types. Evidence: docs/exchanges/okx.md.
 */

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;

/** As okx names them. An order on a spot market is MARGIN where it may borrow. */
const INSTRUMENT_TYPES = {
  SPOT: { spot: true },
  MARGIN: { spot: true },
  SWAP: { swap: true },
  FUTURES: { future: true },
  OPTION: { option: true },
} as const;

type InstrumentType = keyof typeof INSTRUMENT_TYPES;

/** Each of them is a list that has to be asked for by name. */
const ALGO_TYPES = [
  'conditional',
  'oco',
  'trigger',
  'move_order_stop',
  'chase',
  'iceberg',
  'twap',
  'smart_iceberg',
] as const;

function pagesBy(idField: string): IdPaging {
  return { kind: 'id', idField, idParam: 'after', pageLimit: 100, maxPages: 100 };
}

/** An order that an algo order placed also has that one's number, which ccxt then takes for its id. */
const PLAIN = { idField: 'ordId' } as const;

function openOrders(instType: InstrumentType): OpenOrderScopeProfile {
  return {
    id: instType,
    method: 'fetchOpenOrders',
    params: { instType },
    markets: INSTRUMENT_TYPES[instType],
    paging: pagesBy('ordId'),
    recent: recentScope(instType),
    readOrder: { params: {} },
    ...PLAIN,
  };
}

/** Their ended ones are listed per type and state; one that vanished is asked for by its id instead. */
function algoOrders(ordType: (typeof ALGO_TYPES)[number]): OpenOrderScopeProfile {
  return {
    id: `algo:${ordType}`,
    method: 'fetchOpenOrders',
    // ccxt takes `trigger` for "the list of algo orders", whatever the type.
    params: { trigger: true, ordType },
    paging: pagesBy('algoId'),
    readOrder: { params: { trigger: true } },
    fields: {
      price: ['ordPx', 'slOrdPx', 'tpOrdPx'],
      triggerPrice: ['triggerPx', 'moveTriggerPx', 'slTriggerPx', 'tpTriggerPx'],
    },
  };
}

function recentOrders(instType: InstrumentType): RecentOrderScopeProfile {
  return {
    id: recentScope(instType),
    method: 'fetchClosedOrders',
    // ccxt asks for `state=filled`, and so loses what was cancelled.
    params: { instType, state: undefined },
    markets: INSTRUMENT_TYPES[instType],
    paging: pagesBy('ordId'),
    needsSymbol: false,
    // Filled ones stay for seven days. Those that were cancelled without a fill fall off after two hours: of
    // an open order that is then found nowhere, `unknown` is all that can be said.
    retentionMs: 7 * DAY,
    cancelledRetentionMs: 2 * HOUR,
    sinceParam: 'begin',
    ...PLAIN,
  };
}

const TYPES = Object.keys(INSTRUMENT_TYPES) as InstrumentType[];

export const OKX_SCOPES: Pick<
  ExchangeProfile,
  'balances' | 'positions' | 'openOrders' | 'recentOrders' | 'prices'
> = {
  balances: [
    {
      id: 'wallet=TRADING',
      method: 'fetchBalance',
      params: { type: 'trading' },
      paging: { kind: 'single' },
      wallet: 'TRADING',
      // Equity is what is owned in every account mode: cash less debt, margin of isolated positions, what
      // trading bots hold, and unrealised profit, which is taken off. `cashBal` alone would miss the bots.
      rows: {
        path: ['data', 'details'],
        currencyField: 'ccy',
        totalField: 'eq',
        profit: {
          field: 'upl',
          parts: ['cashBal', 'stgyEq', 'isoEq', 'smtSyncEq', 'spotCopyTradingEq'],
          less: ['isoUpl'],
        },
        availableFields: ['availBal', 'availEq'],
        lockedFields: ['frozenBal'],
      },
    },
    {
      id: 'wallet=FUNDING',
      method: 'fetchBalance',
      params: { type: 'funding' },
      paging: { kind: 'single' },
      wallet: 'FUNDING',
      rows: { path: ['data'], currencyField: 'ccy' },
    },
  ],
  // One list of all instrument types, margin positions included.
  positions: [{ id: 'all', method: 'fetchPositions', params: {}, paging: { kind: 'single' } }],
  openOrders: [...TYPES.map(openOrders), ...ALGO_TYPES.map(algoOrders)],
  recentOrders: TYPES.map(recentOrders),
  prices: [
    {
      id: 'spot',
      method: 'fetchTickers',
      params: { type: 'spot' },
      paging: { kind: 'single' },
      markets: { spot: true },
    },
  ],
};
