import { ExchangeSyncError } from '../../domain/errors.js';
import type { ScopeId } from '../../domain/scope-read.js';

/*
 * What ccxt returns is only as good as what it was given. Anything but the expected container means that
 * nothing is known, which is not the same as empty.
 */

export type Dictionary = Readonly<Record<string, unknown>>;

export interface AnswerOrigin {
  readonly exchange: string;
  readonly scope: ScopeId;
  readonly method: string;
}

export function isDictionary(value: unknown): value is Dictionary {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws EXCHANGE_BAD_RESPONSE. */
export function asDictionary(value: unknown, origin: AnswerOrigin): Dictionary {
  if (isDictionary(value)) return value;
  throw badResponse(origin, `is ${kindOf(value)} instead of an object`);
}

/** Throws EXCHANGE_BAD_RESPONSE. */
export function asList(value: unknown, origin: AnswerOrigin): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw badResponse(origin, `is ${kindOf(value)} instead of a list`);
}

export function badResponse({ exchange, scope, method }: AnswerOrigin, what: string): ExchangeSyncError {
  return new ExchangeSyncError(
    'EXCHANGE_BAD_RESPONSE',
    `The answer of ${exchange} to ${method} for ${scope} ${what}. Nothing was changed; it is read again by the next sync.`,
    { details: { exchange, scope, method } },
  );
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
