import type { RateBudget } from '../profiles/profile.js';

/**
 * The pace that ccxt knows for an exchange whose own windows no profile names: `rateLimitMs` per unit of
 * cost. A short window keeps ccxt's even spacing without its polling.
 */
export function ccxtBudget(rateLimitMs: number): RateBudget {
  const windowMs = Math.max(1_000, rateLimitMs);
  const limit = windowMs / Math.max(1, rateLimitMs);
  return { name: "ccxt's pace", per: 'ip', windowMs, limit, weightPerCost: 1 };
}
