import { ExchangeSyncError } from '../../domain/errors.js';
import type { Queryable, Transaction } from '../database.js';
import { qualifiedName } from '../identifier.js';

const LOCK_NOT_AVAILABLE = '55P03';
/** What the older synchronizer's pool calls itself. */
const OLDER_PROGRAM = 'AlphaPulse';

export interface LockOptions {
  readonly schema: string;
  readonly tables: readonly string[];
  readonly timeoutMs: number;
  /** Asks who is in the way; not the transaction, which has failed by then. */
  readonly database: Queryable;
}

interface Holder {
  readonly pid: number | null;
  readonly relations: readonly string[];
  readonly user: string | null;
  readonly application: string | null;
  readonly address: string | null;
  readonly state: string | null;
  readonly since: Date | null;
}

/**
 * Keeps everybody else out of the tables until the transaction ends. Rejects with LEGACY_TABLES_IN_USE when
 * the older program is connected, if only to write later, or when somebody reads or writes them in a
 * transaction that does not end soon.
 */
export async function lockLegacyTables(transaction: Transaction, options: LockOptions): Promise<void> {
  const { schema, tables, timeoutMs, database } = options;
  const names = tables.map((table) => qualifiedName(schema, table)).join(', ');
  const connected = await olderProgram(transaction);
  if (connected.length > 0) throw tablesInUse(connected, 'The older program is still connected.');
  try {
    await transaction.query(`SET LOCAL lock_timeout = ${timeoutMs}`);
    await transaction.query(`LOCK TABLE ${names} IN ACCESS EXCLUSIVE MODE`);
    await transaction.query('SET LOCAL lock_timeout = 0');
  } catch (error: unknown) {
    if (!isLockTimeout(error)) throw error;
    const found = await holders(database, schema, tables);
    const gone = found.length === 0 ? ` Somebody held ${tables.join(', ')} and has just let go.` : '';
    throw tablesInUse(
      found,
      `The older program's tables were still in use after ${timeoutMs} ms.${gone}`,
      error,
    );
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof ExchangeSyncError && error.details.sqlState === LOCK_NOT_AVAILABLE;
}

async function olderProgram(queryable: Queryable): Promise<readonly Holder[]> {
  const { rows } = await queryable.query<Holder>(
    `SELECT pid, '[]'::json AS relations, usename AS user, application_name AS application,
       host(client_addr) AS address, state, xact_start AS since
     FROM pg_stat_activity
     WHERE datname = current_database() AND application_name = $1 ORDER BY pid`,
    [OLDER_PROGRAM],
  );
  return rows;
}

/** A prepared transaction has locks and no process; of other users' sessions only some columns are shown. */
async function holders(
  database: Queryable,
  schema: string,
  tables: readonly string[],
): Promise<readonly Holder[]> {
  const { rows } = await database.query<Holder>(
    `SELECT l.pid, json_agg(DISTINCT c.relname ORDER BY c.relname) AS relations, a.usename AS user,
       nullif(a.application_name, '') AS application, host(a.client_addr) AS address, a.state,
       a.xact_start AS since
     FROM pg_locks l
     JOIN pg_class c ON c.oid = l.relation
     JOIN pg_namespace n ON n.oid = c.relnamespace
     LEFT JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.granted AND l.locktype = 'relation' AND n.nspname = $1 AND c.relname = ANY ($2::text[])
       AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
     GROUP BY l.pid, a.usename, a.application_name, a.client_addr, a.state, a.xact_start
     ORDER BY l.pid`,
    [schema, tables],
  );
  return rows;
}

function tablesInUse(found: readonly Holder[], problem: string, cause?: unknown): ExchangeSyncError {
  const who = [problem, ...found.map(describeHolder)].join(' ');
  return new ExchangeSyncError(
    'LEGACY_TABLES_IN_USE',
    `${who} Stop the older program and whatever else uses its tables, then migrate again. Nothing was changed.`,
    { details: { holders: found }, cause },
  );
}

function describeHolder({ pid, relations, user, application, address, state, since }: Holder): string {
  const facts = [
    user && `user ${user}`,
    application && `application "${application}"`,
    address && `from ${address}`,
    state,
    since && `in a transaction since ${since.toISOString()}`,
  ].filter(Boolean);
  const process = pid === null ? 'A prepared transaction' : `Process ${pid}`;
  const held = relations.length === 0 ? '' : ` holds ${relations.join(', ')}`;
  return `${process}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}${held}.`;
}
