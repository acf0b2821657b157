import type { ErrorCode } from '../domain/errors.js';

/** What is wrong with one value, in words that follow the value: `is not a number; give …`. */
export interface ParseProblem {
  readonly message: string;
  readonly code?: ErrorCode;
}

/** With both: the part of a list that can be used, so that what depends on it is checked as well. */
export type Parsed<Value> =
  | { readonly value: Value; readonly problems?: readonly ParseProblem[] }
  | { readonly value?: never; readonly problems: readonly ParseProblem[] };

/** Turns what a person or program gave into a checked value. Text comes trimmed. */
export type Parser<Value> = (raw: unknown) => Parsed<Value>;

export function accepted<Value>(value: Value): Parsed<Value> {
  return { value };
}

export function refused(message: string, code?: ErrorCode): Parsed<never> {
  return { problems: [code === undefined ? { message } : { message, code }] };
}
