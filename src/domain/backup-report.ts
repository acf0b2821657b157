/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

export interface BackupOptions {
  /** Where to write it. */
  readonly file: string;
  /** Replaces the file if it is there. */
  readonly force?: boolean | undefined;
  /** Restores it at once beside the data, compares every table, and takes that back. */
  readonly check?: boolean | undefined;
}

export interface BackedUpTable {
  readonly table: string;
  readonly rows: number;
}

export interface BackupReport {
  readonly file: string;
  /** Of the file. */
  readonly bytes: number;
  readonly schema: string;
  readonly schemaVersion: number;
  readonly createdAt: string;
  readonly tables: readonly BackedUpTable[];
  /** Tables of the schema that are not this program's. */
  readonly leftOut: readonly string[];
  /** Whether it was restored and compared. */
  readonly checked: boolean;
}

export interface RestoreOptions {
  readonly file: string;
  /** Replaces what the schema holds of this program. */
  readonly force?: boolean | undefined;
}

export interface RestoreReport {
  readonly file: string;
  readonly schema: string;
  /** When the backup was taken. */
  readonly createdAt: string;
  /** The schema's version in the backup, and now. */
  readonly fromVersion: number;
  readonly toVersion: number;
  readonly tables: readonly BackedUpTable[];
}
