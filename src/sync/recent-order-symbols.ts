import type { AccountRef } from '../domain/account.js';
import type { ScopeId } from '../domain/scope-read.js';
import { changedSince } from '../ledger/symbol-candidates.js';
import { namesWithTurn } from '../ledger/turns.js';
import type { BalanceRepository } from '../storage/balance-repository.js';
import type { Queryable } from '../storage/database.js';
import type { ScopeRepository } from '../storage/scope-repository.js';

/** So many are asked for each time, whatever speaks for them. */
const FEW = 10;

/** Half of what a list of recent orders reaches back, so that nothing falls off unseen. */
const PERIOD_MS = 12 * 60 * 60 * 1000;

export interface RecentOrderSymbolsOptions {
  readonly database: Queryable;
  readonly balances: Pick<BalanceRepository, 'changedAt'>;
  readonly scopes: Pick<ScopeRepository, 'list'>;
  readonly now: () => number;
}

/**
 * Which symbols' recent orders are asked for, where each is a request. An order that stays is in the list of open
 * ones, and one that is filled changes a balance; one that came and went between two looks is found when its symbol
 * has its turn.
 */
export async function recentOrderSymbols(
  { database, balances, scopes, now }: RecentOrderSymbolsOptions,
  account: AccountRef,
  recent: ScopeId,
  /** Of `known`, every symbol that ever had an order, `needed` has or just had an open one. */
  { known, needed }: { readonly known: readonly string[]; readonly needed: ReadonlySet<string> },
): Promise<readonly string[]> {
  const all = [...new Set([...known, ...needed])].sort();
  if (all.length <= FEW) return all;
  const stored = await scopes.list(database, { ...account, dataType: 'orders' });
  const readAtMs = stored.find(({ scope }) => scope === recent)?.lastCompleteAtMs;
  if (readAtMs === undefined) return all;
  const changedAtMs = await balances.changedAt(database, account);
  const due = new Set([...needed, ...namesWithTurn(all, PERIOD_MS, { fromMs: readAtMs, toMs: now() })]);
  return all.filter((symbol) => {
    return due.has(symbol) || changedSince(changedAtMs.get(changedByFills(symbol)), readAtMs);
  });
}

/** What a spot market's fills change and those of others hardly do; of a contract, what it is settled in. */
function changedByFills(symbol: string): string {
  const [, base = symbol, settle] = /^([^/]+)\/[^:]+(?::([^-]+))?/.exec(symbol) ?? [];
  return settle ?? base;
}
