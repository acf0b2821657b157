import { ExchangeSyncError } from '../domain/errors.js';
import type { MigrationReport } from '../domain/views.js';
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
  #migrating: Promise<MigrationReport> | undefined;

  constructor(options: SchemaGateOptions) {
    this.#options = options;
  }

  /** Rejects while the database can't be used; asking again tries again. */
  async ready(): Promise<void> {
    await this.migrate();
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

  /** Calls share one migration; once it is through, its report is the answer. */
  migrate(): Promise<MigrationReport> {
    const { database, schema, logger } = this.#options;
    this.#migrating ??= migrate(database, schema, logger).catch((error: unknown) => {
      this.#migrating = undefined;
      throw error;
    });
    return this.#migrating;
  }
}
