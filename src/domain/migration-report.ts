/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

export interface MigrationOptions {
  /** Says what would be done and does nothing. */
  readonly dryRun?: boolean | undefined;
  /**
   * The time zone, e.g. `Europe/Berlin`, of the machine that wrote the tables of the older program that are
   * taken over; needed where their times have none.
   */
  readonly legacyTimezone?: string | undefined;
}

export interface MigrationReport {
  readonly schema: string;
  readonly fromVersion: number;
  readonly toVersion: number;
  /** The migrations that were applied; in a dry run, those that would be. */
  readonly applied: readonly string[];
  readonly dryRun: boolean;
  /** null: there was nothing to take over. */
  readonly adoption: AdoptionReport | null;
}

/** What became of the tables of the program that this one replaces; in a dry run, what would. */
export interface AdoptionReport {
  /** In which their times were read, where they have none of their own. */
  readonly timezone: string | null;
  /** Only in a dry run: there are times that mean nothing without `legacyTimezone`. */
  readonly timezoneMissing: boolean;
  readonly tables: readonly AdoptedTable[];
}

/** `rows` = `copied` + `merged` + `setAside`: all of them stay in `legacyTable`. */
export interface AdoptedTable {
  readonly table: string;
  /** Where the rows are as they were. */
  readonly legacyTable: string;
  readonly rows: number;
  readonly copied: number;
  /** Left out for a newer row of the same thing: `Bybit` and `bybit`. */
  readonly merged: number;
  /** Cannot be rows here. */
  readonly setAside: number;
  /** Why rows were merged or set aside. */
  readonly reasons: readonly { readonly reason: string; readonly rows: number }[];
  /** Columns that are in `legacyTable` only. */
  readonly columnsLeftBehind: readonly string[];
}
