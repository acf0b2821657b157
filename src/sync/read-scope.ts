import { asExchangeSyncError } from '../domain/foreign-error.js';
import type { ReportedError } from '../domain/report.js';
import { provesAbsence, type ScopeId, type ScopeRead } from '../domain/scope-read.js';
import type { ScopeResult } from '../domain/scope-result.js';

/** What one scope gave: rows to write, keys to write as absent, and how it is to be recorded. */
export interface ScopeSnapshot<Key, Row> {
  readonly result: ScopeResult;
  readonly records: readonly Row[];
  /** Keys of stored rows that are proven to be gone. */
  readonly absent: readonly Key[];
  readonly rejected: number;
}

export interface ScopeToRead<Key, Row extends Key> {
  readonly scope: ScopeId;
  readonly read: () => Promise<ScopeRead<Row>>;
  /** The keys that the mirror holds as present in this scope. */
  readonly present: readonly Key[];
  /** A text that is the same for two keys exactly when they name the same row. */
  readonly identify: (key: Key) => string;
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/**
 * Reads one scope. A failure is a result; only an abort rejects.
 *
 * Rows can slip from one page to another while pages are fetched, so what is missing from an answer of
 * several pages counts as absent only when a second complete read does not have it either.
 */
export async function readScope<Key, Row extends Key>(
  options: ScopeToRead<Key, Row>,
): Promise<ScopeSnapshot<Key, Row>> {
  const { scope, identify } = options;
  const attemptedAtMs = options.now();
  let records: readonly Row[] = [];
  let rejected = 0;
  try {
    const first = await options.read();
    records = first.records;
    rejected = first.rejected.length;
    if (!provesAbsence(first)) return incomplete(setAside(first));

    let absent = without(options.present, records, identify);
    if (absent.length > 0 && first.pages > 1) {
      const second = await options.read();
      records = [...without(first.records, second.records, identify), ...second.records];
      rejected = second.rejected.length;
      if (!provesAbsence(second)) return incomplete(setAside(second));
      absent = without(absent, second.records, identify);
    }
    const result = { scope, attemptedAtMs, completeAtMs: first.requestedAtMs };
    return { result, records, absent, rejected };
  } catch (error) {
    options.signal.throwIfAborted();
    return incomplete(reportedError(error, scope));
  }

  function incomplete(error: ReportedError): ScopeSnapshot<Key, Row> {
    return { result: { scope, attemptedAtMs, error }, records, absent: [], rejected };
  }
}

/** The items of `all` that are not among `known`. */
export function without<Item extends Key, Key>(
  all: readonly Item[],
  known: readonly Key[],
  identify: (key: Key) => string,
): readonly Item[] {
  const identities = new Set(known.map(identify));
  return all.filter((item) => !identities.has(identify(item)));
}

/** An error as a report carries it; what is not ours is a defect of this program. */
export function reportedError(error: unknown, scope?: ScopeId): ReportedError {
  const { code, message } = asExchangeSyncError(error);
  return { code, message, ...(scope === undefined ? {} : { scope }) };
}

const ROWS_NAMED = 5;

function setAside({ scope, rejected }: ScopeRead<unknown>): ReportedError {
  const named = rejected.slice(0, ROWS_NAMED).map(({ row, reason }) => `${row}: ${reason}`);
  const more = rejected.length > ROWS_NAMED ? ` and ${rejected.length - ROWS_NAMED} more` : '';
  return {
    code: 'RECORD_INVALID',
    message: `${rejected.length} set aside, nothing in this scope is called absent meanwhile: ${named.join('; ')}${more}`,
    scope,
  };
}
