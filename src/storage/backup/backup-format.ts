/*
 * The file, unzipped, is lines: a header, for each table a line that announces it, its rows as COPY writes them
 * (one line each), `\.` and a line that sums them up, then the ids' sequences and a trailer. docs/operations.md
 * shows it. Whoever changes it raises the version.
 */

export const BACKUP_FORMAT = 'exchange-sync backup';
export const BACKUP_VERSION = 1;
/** What COPY's text format never gives as a row. */
export const END_OF_ROWS = '\\.\n';

export interface BackupHeader {
  readonly format: typeof BACKUP_FORMAT;
  readonly version: typeof BACKUP_VERSION;
  readonly createdAt: string;
  /** Where it was taken from; it can be restored into another. */
  readonly schema: string;
  /** What that schema had had. */
  readonly migrations: readonly {
    readonly version: number;
    readonly file: string;
    readonly checksum: string;
  }[];
}

export interface BackupColumn {
  readonly name: string;
  /** As PostgreSQL writes it. */
  readonly type: string;
  readonly notNull: boolean;
}

export interface BackupTable {
  readonly table: string;
  /** Whether the migrations make it; others are made from these columns, without keys and constraints. */
  readonly migrated: boolean;
  readonly columns: readonly BackupColumn[];
}

export interface BackupTableEnd {
  readonly rows: number;
  /** Of the rows' bytes, hex. */
  readonly sha256: string;
  /** Of the rows as the server holds them, in whatever order; compared after restoring. */
  readonly fingerprint: string;
}

export interface BackupSequence {
  readonly table: string;
  readonly column: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

export interface BackupSequences {
  readonly sequences: readonly BackupSequence[];
}

export interface BackupTrailer {
  readonly tables: number;
  readonly rows: number;
  /** Of all bytes before this line, hex. A file without it was cut off. */
  readonly sha256: string;
}
