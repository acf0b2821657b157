import { createHash } from 'node:crypto';
import type { Queryable } from '../database.js';
import { qualifiedName, quoteIdentifier } from '../identifier.js';
import {
  type BackupHeader,
  type BackupSequence,
  type BackupSequences,
  type BackupTable,
  type BackupTableEnd,
  type BackupTrailer,
  END_OF_ROWS,
} from './backup-format.js';
import type { CopySession } from './copy-session.js';
import { fingerprintOf } from './fingerprint.js';

const NEWLINE = 10;

export interface BackupContentOptions {
  readonly session: CopySession;
  readonly header: BackupHeader;
  readonly tables: readonly BackupTable[];
  /** Told of each table that is complete. */
  readonly onTable: (table: string, rows: number) => void;
}

/** The bytes of the file before they are zipped, as they come. */
export async function* backupContent(options: BackupContentOptions): AsyncGenerator<Buffer> {
  const { session, header, tables, onTable } = options;
  const all = createHash('sha256');
  let rows = 0;
  const hashed = (bytes: Buffer): Buffer => {
    all.update(bytes);
    return bytes;
  };
  yield hashed(line(header));
  for (const table of tables) {
    yield hashed(line(table));
    const ofTable = createHash('sha256');
    for await (const chunk of session.copyOut(copyStatement(header.schema, table)) as AsyncIterable<Buffer>) {
      ofTable.update(chunk);
      yield hashed(chunk);
    }
    yield hashed(Buffer.from(END_OF_ROWS));
    const names = table.columns.map(({ name }) => name);
    const print = await fingerprintOf(session, header.schema, table.table, names);
    yield hashed(line({ ...print, sha256: ofTable.digest('hex') } satisfies BackupTableEnd));
    rows += print.rows;
    onTable(table.table, print.rows);
  }
  const sequences = await readSequences(session, header.schema, tables);
  yield hashed(line({ sequences } satisfies BackupSequences));
  yield line({ tables: tables.length, rows, sha256: all.digest('hex') } satisfies BackupTrailer);
}

/** How many rows a piece of COPY's text format ends. */
export function countRows(chunk: Buffer): number {
  let rows = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) rows += 1;
  return rows;
}

function copyStatement(schema: string, { table, columns }: BackupTable): string {
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  return `COPY (SELECT ${names} FROM ${qualifiedName(schema, table)}) TO STDOUT`;
}

/** Sequences are outside of every snapshot: read after the tables, they are never behind them. */
async function readSequences(
  queryable: Queryable,
  schema: string,
  tables: readonly BackupTable[],
): Promise<readonly BackupSequence[]> {
  const found: BackupSequence[] = [];
  for (const { table, columns } of tables.filter(({ migrated }) => migrated)) {
    for (const { name: column } of columns) {
      const { rows } = await queryable.query<{ sequence: string | null }>(
        'SELECT pg_get_serial_sequence($1, $2) AS sequence',
        [qualifiedName(schema, table), column],
      );
      const sequence = rows[0]?.sequence;
      if (sequence === null || sequence === undefined) continue;
      const { rows: states } = await queryable.query<{ lastValue: string; isCalled: boolean }>(
        `SELECT last_value::text AS "lastValue", is_called AS "isCalled" FROM ${sequence}`,
      );
      if (states[0]) found.push({ table, column, ...states[0] });
    }
  }
  return found;
}

function line(value: object): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
