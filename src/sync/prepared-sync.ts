import type { ScopeResult } from '../domain/scope-result.js';
import type { PreparedSync } from './data-sync.js';

interface ScopeRows {
  readonly result: ScopeResult;
  readonly records: readonly unknown[];
  readonly rejected: number;
}

/** A prepared sync whose counts follow from what its scopes gave. */
export function preparedSync(scopes: readonly ScopeRows[], write: PreparedSync['write']): PreparedSync {
  const itemsSynced = scopes.reduce((count, { records }) => count + records.length, 0);
  const rejected = scopes.reduce((count, scope) => count + scope.rejected, 0);
  return {
    scopes: scopes.map(({ result }) => result),
    itemsProcessed: itemsSynced + rejected,
    itemsSynced,
    errors: [],
    write,
  };
}
