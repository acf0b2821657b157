import type { AccountRef } from '../../domain/account.js';
import type { HistoryDataType } from '../../domain/data-type.js';
import type { ScopeResult } from '../../domain/scope-result.js';
import type { HistoryScope } from '../../exchange/exchange-client.js';
import { nextLossMs } from '../../ledger/history-plan.js';
import type { Transaction } from '../../storage/database.js';
import type { HistoryDemand } from './history-demand.js';
import type { HistoryStore } from './history-store.js';
import type { ScopeWalk } from './scope-walk.js';

/** When a walk was begun, and both clocks after it. */
export interface OutcomeTimes {
  readonly attemptedAtMs: number;
  readonly nowMs: number;
  readonly exchangeTimeMs: number;
}

/** What is told of a scope after a run. */
export function scopeOutcome<Type extends HistoryDataType>(
  { scope, error, plan, gaps, hasTail, list, held }: ScopeWalk<Type>,
  demand: HistoryDemand | undefined,
  { attemptedAtMs, nowMs, exchangeTimeMs }: OutcomeTimes,
): ScopeResult {
  const lossMs = nextLossMs(gaps, plan.wanted.toMs, list.retentionMs);
  const isReadToEnd = error === undefined && !hasTail && demand?.repair === undefined;
  return {
    scope,
    attemptedAtMs: held?.attemptedAtMs ?? attemptedAtMs,
    // As old as where the reading ended, e.g. of a symbol that nothing spoke for.
    ...(isReadToEnd && { completeAtMs: attemptedAtMs - (plan.wanted.toMs - plan.readToMs) }),
    ...(error !== undefined && { error }),
    wanted: plan.wanted,
    ...(lossMs !== undefined && { nextLossAtMs: nowMs + lossMs - exchangeTimeMs }),
  };
}

/** Notes what of a scope the exchange no longer serves, and why. */
export async function writeLosses<Type extends HistoryDataType>(
  transaction: Transaction,
  { coverage, rereads }: HistoryStore<Type>,
  account: AccountRef,
  dataType: Type,
  { scope, list, plan }: ScopeWalk<Type>,
): Promise<void> {
  const key = [transaction, account, dataType, scope] as const;
  for (const range of plan.lost) await coverage.lose(...key, range, reasonOf(account, list));
  if (plan.unreadable.length > 0) await rereads.done(...key, plan.unreadable);
}

const DAY_MS = 24 * 60 * 60 * 1000;

function reasonOf({ exchange }: AccountRef, { retentionMs, servedFromMs }: HistoryScope): string {
  if (retentionMs === undefined) {
    return `before ${exchange} kept such a list (${new Date(servedFromMs).toISOString()})`;
  }
  const days = Math.round((retentionMs / DAY_MS) * 100) / 100;
  return `older than the ${days} days that ${exchange} serves`;
}
