import { ExchangeSyncError } from '../../domain/errors.js';
import type { ScopeId } from '../../domain/scope-read.js';

/** Throws INTERNAL: scopes come from the same profile that they are looked up in. */
export function scopeOf<Scope extends { readonly id: ScopeId }>(
  scopes: readonly Scope[],
  id: ScopeId,
): Scope {
  const scope = scopes.find((candidate) => candidate.id === id);
  if (scope === undefined) throw new ExchangeSyncError('INTERNAL', `there is no scope ${id}`);
  return scope;
}
