import type { ServerDatabaseSettings } from '../config/settings.js';
import type { Logger } from '../logging/logger.js';
import { PostgresDatabase } from '../storage/postgres-database.js';
import { createRepositories, type Repositories } from '../storage/repositories.js';
import { SchemaGate } from '../storage/schema-gate.js';

/** The database and everything that knows its tables. */
export interface Store {
  readonly database: PostgresDatabase;
  readonly gate: SchemaGate;
  readonly repositories: Repositories;
}

export function openStore(settings: ServerDatabaseSettings, logger: Logger): Store {
  const { schema } = settings;
  const database = new PostgresDatabase({ settings, logger, applicationName: 'exchange-sync' });
  return {
    database,
    gate: new SchemaGate({ database, schema, logger }),
    repositories: createRepositories({ schema }),
  };
}
