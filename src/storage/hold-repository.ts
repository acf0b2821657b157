import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { toColumn, toTimestamp } from './table.js';

/** What is left alone, by its subject; as plain as the guards remember it. */
export interface Holds {
  readonly circuits: Readonly<Record<string, CircuitHold>>;
  readonly suspensions: Readonly<Record<string, SuspensionHold>>;
}

interface CircuitHold {
  readonly openedAtMs: number;
  readonly untilMs: number;
  readonly openings: number;
  readonly reason: string;
}

interface SuspensionHold {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly reason: string;
  readonly fingerprint: string;
}

const NONE: Holds = { circuits: {}, suspensions: {} };

interface HoldRow {
  readonly kind: 'circuit' | 'suspension';
  readonly subject: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly reason: string;
  readonly openings: number | null;
  readonly fingerprint: string | null;
}

/** `sync_holds`: the guards' memory, which must outlive a restart. */
export class HoldRepository {
  readonly #target: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'sync_holds');
  }

  async load(queryable: Queryable): Promise<Holds> {
    const { rows } = await queryable.query<HoldRow & { readonly since: Date; readonly until: Date }>(
      `SELECT kind, subject, since, until, reason, openings, fingerprint FROM ${this.#target}`,
    );
    const holds = rows.map((row) => ({ ...row, sinceMs: row.since.getTime(), untilMs: row.until.getTime() }));
    return {
      circuits: Object.fromEntries(holds.filter(({ kind }) => kind === 'circuit').map(circuitEntry)),
      suspensions: Object.fromEntries(holds.filter(({ kind }) => kind === 'suspension').map(suspensionEntry)),
    };
  }

  /**
   * Writes what has changed since `before`, which this process loaded or saved last: what it no longer
   * holds is removed, and what other processes hold stays.
   */
  async save(transaction: Transaction, holds: Holds, before: Holds = NONE): Promise<void> {
    const rows = rowsOf(holds);
    const held = new Set(rows.map(subjectOf));
    const ended = rowsOf(before).filter((row) => !held.has(subjectOf(row)));
    if (ended.length > 0) {
      await transaction.query(
        `DELETE FROM ${this.#target} WHERE (kind, subject) IN (SELECT * FROM unnest($1::text[], $2::text[]))`,
        [ended.map(({ kind }) => kind), ended.map(({ subject }) => toColumn('text', subject))],
      );
    }
    if (rows.length === 0) return;
    await transaction.query(
      `INSERT INTO ${this.#target} AS stored (kind, subject, since, until, reason, openings, fingerprint)
       SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[],
         $6::int[], $7::text[]) AS held (kind, subject)
       ORDER BY kind, subject
       ON CONFLICT (kind, subject) DO UPDATE
       SET since = excluded.since, until = excluded.until, reason = excluded.reason,
         openings = excluded.openings, fingerprint = excluded.fingerprint
       WHERE (stored.*) IS DISTINCT FROM (excluded.*)`,
      [
        rows.map(({ kind }) => kind),
        rows.map(({ subject }) => toColumn('text', subject)),
        rows.map(({ sinceMs }) => toTimestamp(sinceMs)),
        rows.map(({ untilMs }) => toTimestamp(untilMs)),
        rows.map(({ reason }) => toColumn('text', reason)),
        rows.map(({ openings }) => openings),
        rows.map(({ fingerprint }) => fingerprint),
      ],
    );
  }
}

function rowsOf({ circuits, suspensions }: Holds): readonly HoldRow[] {
  return [
    ...Object.entries(circuits).map(([subject, { openedAtMs, ...hold }]) => ({
      ...{ kind: 'circuit' as const, subject, sinceMs: openedAtMs, fingerprint: null },
      ...hold,
    })),
    ...Object.entries(suspensions).map(([subject, hold]) => ({
      ...{ kind: 'suspension' as const, subject, openings: null },
      ...hold,
    })),
  ];
}

function subjectOf({ kind, subject }: HoldRow): string {
  return `${kind} ${subject}`;
}

function circuitEntry({ subject, sinceMs, untilMs, openings, reason }: HoldRow): [string, CircuitHold] {
  return [subject, { openedAtMs: sinceMs, untilMs, openings: openings ?? 1, reason }];
}

function suspensionEntry({
  subject,
  sinceMs,
  untilMs,
  reason,
  fingerprint,
}: HoldRow): [string, SuspensionHold] {
  return [subject, { sinceMs, untilMs, reason, fingerprint: fingerprint ?? '' }];
}
