import type { ScopeId } from '../../domain/scope-read.js';

/** The recent orders of a market are a scope of their own beside its open ones: each is read, and ages, apart. */
export function recentScope(market: string): ScopeId {
  return `recent:${market}`;
}
