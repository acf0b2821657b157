import type { AdoptionReport } from '../../domain/migration-report.js';
import type { Queryable, Transaction } from '../database.js';
import { rememberAdoptedAccounts } from './adopted-accounts.js';
import { copyRows, createNotCopiedTable } from './copy-rows.js';
import { countOutcomes } from './count-outcomes.js';
import { type FoundTable, findLegacyTables, hasNaiveTimes } from './find-legacy-tables.js';
import { requireTimezone, timezoneMissing } from './legacy-timezone.js';
import { lockLegacyTables } from './lock-legacy-tables.js';
import { renameLegacyTable } from './rename-legacy-table.js';

export interface AdoptionOptions {
  readonly schema: string;
  /** What times without a zone mean; needed only where there are such. */
  readonly legacyTimezone: string | undefined;
  /** How long to wait for whoever has the tables in a transaction. */
  readonly lockTimeoutMs: number;
  /** For what must be asked outside of the transaction. */
  readonly database: Queryable;
}

/** The times of tables without rows mean nothing in any zone. */
const ANY_ZONE = 'UTC';

/** Takes over a database that the program this one replaces has made, without losing a row. */
export class Adoption {
  readonly #options: AdoptionOptions;
  readonly #found: readonly FoundTable[];
  readonly #timezone: string | undefined;

  private constructor(options: AdoptionOptions, found: readonly FoundTable[], timezone: string | undefined) {
    this.#options = options;
    this.#found = found;
    this.#timezone = timezone;
  }

  /** Undefined where there is nothing to take over. Rejects with CONFIG_INVALID for a zone that is none. */
  static async find(queryable: Queryable, options: AdoptionOptions): Promise<Adoption | undefined> {
    const { schema, legacyTimezone } = options;
    const timezone =
      legacyTimezone === undefined ? undefined : await requireTimezone(queryable, legacyTimezone);
    const found = await findLegacyTables(queryable, schema);
    return found.length === 0 ? undefined : new Adoption(options, found, timezone);
  }

  get tables(): readonly string[] {
    return this.#found.map(({ table }) => table.name);
  }

  /** What `begin` and `finish` would do. Changes nothing. */
  async preview(transaction: Transaction): Promise<AdoptionReport> {
    const { schema, lockTimeoutMs } = this.#options;
    // Fewer digits, as some servers are told to print, would be another number.
    await transaction.query(`SET LOCAL lock_timeout = ${lockTimeoutMs}; SET LOCAL extra_float_digits = 1`);
    const tables = [];
    for (const found of this.#found) {
      const { name } = found.table;
      tables.push(await countOutcomes(transaction, found, schema, name, this.#timezone ?? ANY_ZONE));
    }
    const needing = this.#needingTimezone(tables);
    return { timezone: this.#timezone ?? null, timezoneMissing: needing.length > 0, tables };
  }

  /**
   * Keeps others out and moves the tables out of the way of ours. Rejects, before anything is changed, with
   * LEGACY_TABLES_IN_USE, or with CONFIG_INVALID where a zone is needed.
   */
  async begin(transaction: Transaction): Promise<void> {
    const { schema, lockTimeoutMs, database } = this.#options;
    await lockLegacyTables(transaction, { schema, tables: this.tables, timeoutMs: lockTimeoutMs, database });
    const { timezoneMissing: missing, tables } = await this.preview(transaction);
    if (missing) throw timezoneMissing(this.#needingTimezone(tables));
    for (const { table } of this.#found) await renameLegacyTable(transaction, schema, table.name);
  }

  /** Copies into our tables, which are there by now. */
  async finish(transaction: Transaction): Promise<AdoptionReport> {
    const { schema } = this.#options;
    await createNotCopiedTable(transaction, schema);
    const tables = [];
    for (const found of this.#found) {
      tables.push(await copyRows(transaction, found, schema, this.#timezone ?? ANY_ZONE));
    }
    await rememberAdoptedAccounts(transaction, schema);
    return { timezone: this.#timezone ?? null, timezoneMissing: false, tables };
  }

  #needingTimezone(counted: readonly { table: string; rows: number }[]): readonly string[] {
    if (this.#timezone !== undefined) return [];
    return this.#found.filter(hasNaiveTimes).flatMap(({ table: { name } }) => {
      const rows = counted.find(({ table }) => table === name)?.rows ?? 0;
      return rows > 0 ? [name] : [];
    });
  }
}
