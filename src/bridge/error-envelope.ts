import { ExchangeSyncError, isErrorCode } from '../domain/errors.js';
import { asExchangeSyncError } from '../domain/foreign-error.js';
import { redactor } from '../logging/redactor.js';

/*
 * The structured clone of an error keeps neither its class nor its code. Errors therefore cross a port as
 * plain data, wherever they are: as a call's outcome, in a log record's fields, in an event's payload. What a
 * library put into a message may hold a key; no message crosses with one.
 */

export interface ErrorEnvelope {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  /** Only an ExchangeSyncError has details; that they are there tells it from a foreign error. */
  readonly details?: unknown;
  readonly stack?: string;
  readonly cause?: unknown;
  /** Of an AggregateError, e.g. one per address that was tried. */
  readonly errors?: readonly unknown[];
}

/** Deeper than any real record. */
const MAX_DEPTH = 8;
const ENVELOPE_KEY = '$error';

export function encodeError(error: unknown): ErrorEnvelope {
  return envelopeOf(error, []);
}

/** An ExchangeSyncError as it was thrown; what was anything else becomes the cause of an INTERNAL one. */
export function decodeError(envelope: ErrorEnvelope): ExchangeSyncError {
  return asExchangeSyncError(rebuild(envelope));
}

/** Plain data that a port can carry, whatever was put in: never throws. */
export function encodeValue(value: unknown): unknown {
  return plain(value, []);
}

/** An error that a port has cloned by itself, as this thread's own code may pass it on. */
export function cleanForeignError(error: unknown): Error {
  return rebuild(encodeError(error));
}

export function decodeValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeValue);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (ENVELOPE_KEY in value) return rebuild(value[ENVELOPE_KEY] as ErrorEnvelope);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, decodeValue(inner)]));
}

function envelopeOf(thrown: unknown, ancestors: readonly object[]): ErrorEnvelope {
  if (!(thrown instanceof Error)) {
    return { name: 'NonError', message: describe(thrown) };
  }
  const inside = [...ancestors, thrown];
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  return {
    name: thrown.name,
    message: redactor.text(thrown.message),
    ...(typeof code === 'string' && { code }),
    ...(thrown instanceof ExchangeSyncError && { details: plain(thrown.details, inside) }),
    ...(thrown.stack !== undefined && { stack: redactor.text(thrown.stack) }),
    ...(thrown.cause !== undefined && { cause: plain(thrown.cause, inside) }),
    ...(thrown instanceof AggregateError && { errors: thrown.errors.map((inner) => plain(inner, inside)) }),
  };
}

function rebuild(envelope: ErrorEnvelope): Error {
  const cause = envelope.cause === undefined ? undefined : decodeValue(envelope.cause);
  const error = isOwn(envelope)
    ? new ExchangeSyncError(envelope.code, envelope.message, {
        details: decodeValue(envelope.details) as Record<string, unknown>,
        cause,
      })
    : rebuildForeign(envelope, cause);
  if (envelope.stack !== undefined) error.stack = envelope.stack;
  return error;
}

function isOwn(envelope: ErrorEnvelope): envelope is ErrorEnvelope & { code: ExchangeSyncError['code'] } {
  return envelope.details !== undefined && isErrorCode(envelope.code);
}

function rebuildForeign(envelope: ErrorEnvelope, cause: unknown): Error {
  const options = cause === undefined ? undefined : { cause };
  const error =
    envelope.errors === undefined
      ? new Error(envelope.message, options)
      : new AggregateError(envelope.errors.map(decodeValue), envelope.message, options);
  return Object.assign(error, { name: envelope.name, ...(envelope.code && { code: envelope.code }) });
}

function plain(value: unknown, ancestors: readonly object[]): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return describe(value);
  if (typeof value !== 'object' || value === null) return value;
  if (ancestors.includes(value)) return '[circular]';
  if (ancestors.length >= MAX_DEPTH) return '[too deep]';
  try {
    if (value instanceof Date) return new Date(value);
    if (value instanceof Error) return { [ENVELOPE_KEY]: envelopeOf(value, ancestors) };
    const inside = [...ancestors, value];
    if (Array.isArray(value)) return value.map((inner) => plain(inner, inside));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner, inside)]));
  } catch (error: unknown) {
    // A getter or proxy that throws: the rest of the record is still worth having.
    return `[unreadable: ${describe(error)}]`;
  }
}

function describe(value: unknown): string {
  try {
    return redactor.text(String(value));
  } catch {
    // An object without a usable toString; there is nothing else to say about it.
    return `[${typeof value}]`;
  }
}
