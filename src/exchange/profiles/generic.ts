import type { CcxtExchange } from '../exchange-session.js';
import { defineProfile } from './define-profile.js';
import { genericFills, genericTransfers } from './generic-histories.js';
import type { TradeScopeProfile } from './history-scopes.js';
import type { Paging } from './paging.js';
import type {
  ExchangeProfile,
  OpenOrderScopeProfile,
  RecentOrderScopeProfile,
  ScopeProfile,
} from './profile.js';
import { recentScope } from './recent-scope.js';

/** What ccxt knows of an exchange before any request. */
export type ExchangeFacts = Pick<CcxtExchange, 'id' | 'has' | 'features' | 'options'>;

const DAY = 24 * 60 * 60 * 1000;

const MARKET_TYPES = ['spot', 'swap', 'future', 'option'] as const;
type MarketType = (typeof MARKET_TYPES)[number];

/** The slice of ccxt's `features` of one method that is used here. */
interface MethodFeatures {
  readonly limit?: number;
  readonly symbolRequired?: boolean;
  readonly untilDays?: number;
  readonly daysBack?: number;
  readonly daysBackCanceled?: number;
}

/**
 * A profile of any exchange of ccxt, from its `has` and `features`. What is not known to be complete is not
 * claimed: there are no pages, and a list that reached the exchange's page limit is an error.
 */
export function genericProfile(facts: ExchangeFacts): ExchangeProfile {
  return defineProfile({
    exchange: facts.id,
    ccxtOptions: {},
    balances: balancesOf(facts),
    positions: facts.has.fetchPositions ? [listOf('fetchPositions', 'default')] : [],
    openOrders: facts.has.fetchOpenOrders ? orderTypes(facts).map((type) => openOrdersOf(facts, type)) : [],
    recentOrders: orderTypes(facts).flatMap((type) => recentOrdersOf(facts, type) ?? []),
    prices: pricesOf(facts),
    trades: facts.has.fetchMyTrades ? MARKET_TYPES.flatMap((type) => fillsOf(facts, type) ?? []) : [],
    transfers: genericTransfers(facts.has),
    // What its rows are, and which of them another list counts, is not to be known.
    ledger: [],
    flowsArePartial: true,
    unseenWallets: [
      {
        wallet: 'other wallets',
        reason: `Of ${facts.id} only the wallet is read that ccxt reads by default, and those contracts.`,
      },
    ],
    errors: { codeFields: [], codes: {}, statuses: {} },
    rateBudgets: [],
    rows: {
      positions: { fields: {} },
      orders: {
        fields: {},
        statusFields: ['status', 'state', 'orderStatus', 'order_status', 'orderState'],
        statuses: {},
      },
    },
    settleLagMs: 5000,
  });
}

function balancesOf({ has, options }: ExchangeFacts): ExchangeProfile['balances'] {
  if (!has.fetchBalance) return [];
  const wallet = defaultType(options);
  return [{ id: `wallet=${wallet}`, method: 'fetchBalance', params: {}, paging: { kind: 'single' }, wallet }];
}

function pricesOf(facts: ExchangeFacts): ExchangeProfile['prices'] {
  if (!facts.has.fetchTickers) return [];
  const types = MARKET_TYPES.filter((type) => facts.features?.[type] !== undefined);
  // Contracts are quoted near their coin; where there is no spot market, that is the nearest price there is.
  const type = types.length === 0 || types.includes('spot') ? 'spot' : 'swap';
  return [
    {
      id: type,
      method: 'fetchTickers',
      params: typeParams(facts, type),
      paging: { kind: 'single' },
      markets: type === 'spot' ? { spot: true } : { swap: true, linear: true },
    },
  ];
}

function listOf(method: ScopeProfile['method'], id: string): ScopeProfile {
  return { id, method, params: {}, paging: { kind: 'single' } };
}

function openOrdersOf(facts: ExchangeFacts, type: MarketType): OpenOrderScopeProfile {
  const { limit } = featuresOf(facts, type, 'fetchOpenOrders');
  return {
    id: type,
    method: 'fetchOpenOrders',
    params: typeParams(facts, type),
    paging: singlePage(limit),
    markets: { [type]: true },
    isMixed: true,
    ...(recentOrdersOf(facts, type) !== undefined && { recent: recentScope(type) }),
    ...(facts.has.fetchOrder && { readOrder: { params: {} } }),
  };
}

function fillsOf(facts: ExchangeFacts, type: MarketType): TradeScopeProfile | undefined {
  return genericFills(type, typeParams(facts, type), featuresOf(facts, type, 'fetchMyTrades'));
}

/** In this order: the last one leaves out what was cancelled. */
const RECENT_METHODS = ['fetchCanceledAndClosedOrders', 'fetchOrders', 'fetchClosedOrders'] as const;

function recentOrdersOf(facts: ExchangeFacts, type: MarketType): RecentOrderScopeProfile | undefined {
  const method = RECENT_METHODS.find((candidate) => facts.has[candidate]);
  if (method === undefined) return undefined;
  const own = featuresOf(facts, type, method);
  const features = Object.keys(own).length > 0 ? own : featuresOf(facts, type, 'fetchClosedOrders');
  const retentionDays = features.daysBackCanceled ?? features.daysBack;
  return {
    id: recentScope(type),
    method,
    params: typeParams(facts, type),
    paging: singlePage(features.limit),
    markets: { [type]: true },
    isMixed: true,
    needsSymbol: features.symbolRequired === true,
    ...(isPositive(features.untilDays) && { windowMs: features.untilDays * DAY }),
    ...(isPositive(retentionDays) && { retentionMs: retentionDays * DAY }),
  };
}

/** The kinds of market whose orders ccxt can list; an exchange that says nothing has spot markets. */
function orderTypes(facts: ExchangeFacts): readonly MarketType[] {
  const types = MARKET_TYPES.filter((type) => hasFeature(facts, type, 'fetchOpenOrders'));
  return types.length === 0 ? ['spot'] : types;
}

/** A parameter that is not needed is not sent: some exchanges reject those they do not know. */
function typeParams({ options }: ExchangeFacts, type: MarketType): { readonly type?: MarketType } {
  return type === defaultType(options) ? {} : { type };
}

function defaultType(options: ExchangeFacts['options']): string {
  const type = options.defaultType;
  return typeof type === 'string' && type !== '' ? type : 'spot';
}

function singlePage(limit: number | undefined): Paging {
  return isPositive(limit) ? { kind: 'single', cutAt: limit } : { kind: 'single' };
}

function hasFeature(facts: ExchangeFacts, type: MarketType, method: string): boolean {
  return Object.keys(featuresOf(facts, type, method)).length > 0;
}

/** `features` has contracts apart by linear and inverse, which share their endpoints. */
function featuresOf({ features }: ExchangeFacts, type: MarketType, method: string): MethodFeatures {
  const ofType = member(features, type);
  const found = [ofType, member(ofType, 'linear'), member(ofType, 'inverse')]
    .map((kind) => member(kind, method))
    .find((value) => typeof value === 'object' && value !== null);
  return (found ?? {}) as MethodFeatures;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function isPositive(value: number | undefined): value is number {
  return typeof value === 'number' && value > 0;
}
