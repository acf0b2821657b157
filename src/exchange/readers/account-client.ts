import type { AccountRef } from '../../domain/account.js';
import type { HistoryDataType } from '../../domain/data-type.js';
import type { HistoryRecords } from '../../domain/history-records.js';
import type { BalanceRecord, OrderRecord, PositionRecord } from '../../domain/records.js';
import type { ScopeId, ScopeRead } from '../../domain/scope-read.js';
import type {
  AccountClient,
  HistoryPage,
  HistoryRequest,
  HistoryScope,
  HistorySymbol,
  OrderScope,
  ReadContext,
} from '../exchange-client.js';
import type { RecentOrderScopeProfile } from '../profiles/profile.js';
import { exchangeTime } from './exchange-time.js';
import { historyScope } from './history/history-scope.js';
import { KeyOwners } from './history/key-owner.js';
import { readHistory } from './history/read-history.js';
import { historySymbols } from './history-symbols.js';
import { readBalances } from './read-balances.js';
import { readOneOrder } from './read-one-order.js';
import { readOpenOrders, readRecentOrders, recentRangeMs } from './read-orders.js';
import { readPositions } from './read-positions.js';
import type { AccountReaderOptions, ReaderOptions } from './reader-options.js';
import { scopeOf } from './scope-of.js';
import { UnknownMarkets } from './unknown-markets.js';

export interface AccountClientOptions extends ReaderOptions {
  readonly account: AccountRef;
}

export function createAccountClient(options: AccountClientOptions): AccountClient {
  return new AccountReader(options);
}

class AccountReader implements AccountClient {
  readonly account: AccountRef;
  readonly #options: AccountReaderOptions;

  constructor({ account, ...options }: AccountClientOptions) {
    this.account = account;
    this.#options = {
      ...options,
      unknownMarkets: new UnknownMarkets(options),
      keyOwners: new KeyOwners(options),
    };
  }

  balanceScopes(): readonly ScopeId[] {
    return this.#options.profile.balances.map(({ id }) => id);
  }

  positionScopes(): readonly ScopeId[] {
    return this.#options.profile.positions.map(({ id }) => id);
  }

  orderScopes(): readonly OrderScope[] {
    const { openOrders, recentOrders } = this.#options.profile;
    return openOrders.map(({ id, recent, readOrder }) => ({
      id,
      ...(recent !== undefined && { recent }),
      recentNeedsSymbols: recentOrders.some((list) => list.id === recent && list.needsSymbol),
      ...recentlyKept(recentOrders.find((list) => list.id === recent)),
      canReadOrder: readOrder !== undefined,
    }));
  }

  historySymbols(dataType: HistoryDataType, scope: ScopeId): readonly HistorySymbol[] {
    return historySymbols(this.#options, dataType, scope);
  }

  async readBalances(scope: ScopeId, context: ReadContext): Promise<ScopeRead<BalanceRecord>> {
    return readBalances(this.#options, scopeOf(this.#options.profile.balances, scope), context);
  }

  async readPositions(scope: ScopeId, context: ReadContext): Promise<ScopeRead<PositionRecord>> {
    return readPositions(this.#options, scopeOf(this.#options.profile.positions, scope), context);
  }

  async readOpenOrders(scope: ScopeId, context: ReadContext): Promise<ScopeRead<OrderRecord>> {
    return readOpenOrders(this.#options, scopeOf(this.#options.profile.openOrders, scope), context);
  }

  async readRecentOrders(
    recentScope: ScopeId,
    symbols: readonly string[],
    context: ReadContext,
  ): Promise<ScopeRead<OrderRecord>> {
    const scope = scopeOf(this.#options.profile.recentOrders, recentScope);
    return readRecentOrders(this.#options, scope, symbols, context);
  }

  async readOrder(
    scope: ScopeId,
    symbol: string,
    orderId: string,
    context: ReadContext,
  ): Promise<OrderRecord | undefined> {
    const openScope = scopeOf(this.#options.profile.openOrders, scope);
    return readOneOrder(this.#options, openScope, { symbol, orderId }, context);
  }

  exchangeTimeMs(): number {
    return exchangeTime(this.#options);
  }

  historyScopes(dataType: HistoryDataType): readonly HistoryScope[] {
    const { profile } = this.#options;
    return profile[dataType].map((scope) => historyScope(scope, profile));
  }

  readHistory<Type extends HistoryDataType>(
    dataType: Type,
    request: HistoryRequest,
    context: ReadContext,
  ): AsyncIterable<HistoryPage<HistoryRecords[Type]>> {
    return readHistory(dataType, this.#options, request, context);
  }
}

function recentlyKept(list: RecentOrderScopeProfile | undefined): Pick<OrderScope, 'recentKeptMs'> {
  return list === undefined
    ? {}
    : { recentKeptMs: Math.min(recentRangeMs(list), list.cancelledRetentionMs ?? Infinity) };
}
