import type { WorldPlan } from '../world-plan.js';

/** How long ago the account was opened: everything is still within bybit's two years. */
export const MILLION_HISTORY_MS = 700 * 24 * 60 * 60_000;

/** One account at bybit with very many fills. */
export function millionPlan(fills: number): WorldPlan {
  const history = { fills: 0, plain: true, bulkFills: fills };
  return { accounts: [{ exchange: 'bybit', account: 'main', holdings: [], history }] };
}
