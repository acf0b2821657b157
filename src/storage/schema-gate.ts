import { ExchangeSyncError } from '../domain/errors.js';
import type { MigrationOptions, MigrationReport } from '../domain/migration-report.js';
import type { Logger } from '../logging/logger.js';
import { migrate } from './migrate.js';
import type { PostgresDatabase } from './postgres-database.js';

export interface SchemaGateOptions {
  readonly database: PostgresDatabase;
  readonly schema: string;
  readonly logger: Logger;
}

/** Lets nobody through before the schema is this program's: migrates once, and again after a failure. */
export class SchemaGate {
  readonly #options: SchemaGateOptions;
  #migrating: Promise<unknown> | undefined;

  constructor(options: SchemaGateOptions) {
    this.#options = options;
  }

  /** Rejects while the database can't be used; asking again tries again. */
  async ready(): Promise<void> {
    const { database, schema, logger } = this.#options;
    this.#migrating ??= migrate(database, schema, logger).catch((error: unknown) => {
      this.#migrating = undefined;
      throw error;
    });
    await this.#migrating;
  }

  /** For those who only read: rejects with SCHEMA_OUTDATED instead of migrating. */
  async readable(): Promise<void> {
    const { database, schema, logger } = this.#options;
    const { applied, fromVersion } = await migrate(database, schema, logger, { dryRun: true });
    if (applied.length === 0) return;
    const state = fromVersion === 0 ? 'holds nothing of exchange-sync yet' : 'is of an older exchange-sync';
    throw new ExchangeSyncError(
      'SCHEMA_OUTDATED',
      `Schema ${schema} ${state}. \`exchange-sync run --one-time\` or \`exchange-sync migrate\` mends that.`,
      { details: { schema, missing: applied } },
    );
  }

  /** For somebody who asked for it: takes over the tables of an older program, too. */
  async migrate({ dryRun = false, legacyTimezone }: MigrationOptions): Promise<MigrationReport> {
    const { database, schema, logger } = this.#options;
    return await migrate(database, schema, logger, { adopt: true, dryRun, legacyTimezone });
  }
}
