import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { toColumn, toTimestamp } from './table.js';

/** What is left alone, by its subject; as plain as the guards remember it. */
export interface Holds {
  readonly circuits: Readonly<Record<string, CircuitHold>>;
  readonly limits: Readonly<Record<string, LimitHold>>;
  readonly suspensions: Readonly<Record<string, SuspensionHold>>;
}

interface CircuitHold {
  readonly openedAtMs: number;
  readonly untilMs: number;
  readonly openings: number;
  readonly reason: string;
}

interface LimitHold {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly code: 'RATE_LIMITED' | 'BANNED';
  readonly reason: string;
}

interface SuspensionHold {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly reason: string;
  readonly fingerprint: string;
}

interface HoldRow {
  readonly kind: 'circuit' | 'limit' | 'suspension';
  readonly subject: string;
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly reason: string;
  readonly code: LimitHold['code'] | null;
  readonly openings: number | null;
  readonly fingerprint: string | null;
}

/** `sync_holds`: the guards' memory, which must outlive a restart and which all processes share. */
export class HoldRepository {
  readonly #target: string;

  constructor({ schema }: RepositoryOptions) {
    this.#target = qualifiedName(schema, 'sync_holds');
  }

  async load(queryable: Queryable): Promise<Holds> {
    const { rows } = await queryable.query<HoldRow & { readonly since: Date; readonly until: Date }>(
      `SELECT kind, subject, since, until, reason, code, openings, fingerprint FROM ${this.#target}`,
    );
    const holds = rows.map((row) => ({ ...row, sinceMs: row.since.getTime(), untilMs: row.until.getTime() }));
    const ofKind = (kind: HoldRow['kind']) => holds.filter((row) => row.kind === kind);
    return {
      circuits: Object.fromEntries(ofKind('circuit').map(circuitEntry)),
      limits: Object.fromEntries(ofKind('limit').map(limitEntry)),
      suspensions: Object.fromEntries(ofKind('suspension').map(suspensionEntry)),
    };
  }

  /** Of two holds on one subject the one that lasts longer stays: it is the newer one. */
  async write(transaction: Transaction, holds: Holds): Promise<void> {
    const rows = rowsOf(holds);
    if (rows.length === 0) return;
    await transaction.query(
      `INSERT INTO ${this.#target} AS stored
         (kind, subject, since, until, reason, code, openings, fingerprint)
       SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::text[],
         $6::text[], $7::int[], $8::text[]) AS held (kind, subject)
       ORDER BY kind, subject
       ON CONFLICT (kind, subject) DO UPDATE
       SET since = excluded.since, until = excluded.until, reason = excluded.reason,
         code = excluded.code, openings = excluded.openings, fingerprint = excluded.fingerprint
       WHERE excluded.until > stored.until`,
      [
        rows.map(({ kind }) => kind),
        rows.map(({ subject }) => toColumn('text', subject)),
        rows.map(({ sinceMs }) => toTimestamp(sinceMs)),
        rows.map(({ untilMs }) => toTimestamp(untilMs)),
        rows.map(({ reason }) => toColumn('text', reason)),
        rows.map(({ code }) => code),
        rows.map(({ openings }) => openings),
        rows.map(({ fingerprint }) => fingerprint),
      ],
    );
  }

  /** Removes what has been lifted or is over; one that another process has made longer since stays. */
  async end(transaction: Transaction, holds: Holds): Promise<void> {
    const rows = rowsOf(holds);
    if (rows.length === 0) return;
    await transaction.query(
      `DELETE FROM ${this.#target} AS stored
       USING unnest($1::text[], $2::text[], $3::timestamptz[]) AS ended (kind, subject, until)
       WHERE (stored.kind, stored.subject) = (ended.kind, ended.subject) AND stored.until <= ended.until`,
      [
        rows.map(({ kind }) => kind),
        rows.map(({ subject }) => toColumn('text', subject)),
        rows.map(({ untilMs }) => toTimestamp(untilMs)),
      ],
    );
  }
}

function rowsOf({ circuits, limits, suspensions }: Holds): readonly HoldRow[] {
  const none = { code: null, openings: null, fingerprint: null };
  return [
    ...Object.entries(circuits).map(([subject, { openedAtMs, ...hold }]) => ({
      ...none,
      ...{ kind: 'circuit' as const, subject, sinceMs: openedAtMs },
      ...hold,
    })),
    ...Object.entries(limits).map(([subject, hold]) => ({
      ...none,
      ...{ kind: 'limit' as const, subject },
      ...hold,
    })),
    ...Object.entries(suspensions).map(([subject, hold]) => ({
      ...none,
      ...{ kind: 'suspension' as const, subject },
      ...hold,
    })),
  ];
}

function circuitEntry({ subject, sinceMs, untilMs, openings, reason }: HoldRow): [string, CircuitHold] {
  return [subject, { openedAtMs: sinceMs, untilMs, openings: openings ?? 1, reason }];
}

function limitEntry({ subject, sinceMs, untilMs, code, reason }: HoldRow): [string, LimitHold] {
  return [subject, { sinceMs, untilMs, code: code ?? 'RATE_LIMITED', reason }];
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
