import { factsOf } from '../ccxt/answer-facts.js';

/** By name, because every exchange's module brings the same class by another path; or by the exchange's own code. */
export function isOrderNotFound(error: unknown, codes: readonly string[] = []): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'OrderNotFound' || codes.includes(factsOf(error)?.exchangeCode ?? '');
}
