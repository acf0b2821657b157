import type { AccountRef } from '../../domain/account.js';
import type { HistoryDataType } from '../../domain/data-type.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { TimeRange } from '../../domain/time-range.js';
import type { StoredScope } from '../../storage/scope-repository.js';
import type { HistoryStore } from './history-store.js';

/** What is known of a data type of an account before it is read. */
export interface HistoryKnowledge {
  readonly complete: RangesByScope;
  readonly lost: RangesByScope;
  readonly rereads: RangesByScope;
  readonly aside: RangesByScope;
  /** How each scope was read last. */
  readonly stored: ReadonlyMap<ScopeId, StoredScope>;
  /** From when on it is asked for; undefined: as far back as it is served. */
  readonly fromMs: number | undefined;
}

type RangesByScope = ReadonlyMap<ScopeId, readonly TimeRange[]>;

export async function readKnowledge<Type extends HistoryDataType>(
  { coverage, rereads, setAside, scopes, status, database }: HistoryStore<Type>,
  account: AccountRef,
  dataType: Type,
): Promise<HistoryKnowledge> {
  const [ranges, requested, aside, stored, fromMs] = await Promise.all([
    coverage.list(database, account, dataType),
    rereads.list(database, account, dataType),
    setAside.ranges(database, account, dataType),
    scopes.list(database, { ...account, dataType }),
    status.historyFrom(database, account, dataType),
  ]);
  return {
    complete: byScope(ranges.filter(({ state }) => state === 'complete')),
    lost: byScope(ranges.filter(({ state }) => state === 'lost')),
    rereads: byScope(requested),
    aside: byScope(aside),
    stored: new Map(stored.map((each) => [each.scope, each])),
    fromMs,
  };
}

function byScope(ranges: readonly (TimeRange & { readonly scope: ScopeId })[]): RangesByScope {
  const found = new Map<ScopeId, TimeRange[]>();
  for (const { scope, fromMs, toMs } of ranges) {
    found.set(scope, [...(found.get(scope) ?? []), { fromMs, toMs }]);
  }
  return found;
}
