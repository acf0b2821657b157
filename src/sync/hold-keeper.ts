import type { ExchangeClients } from '../exchange/exchange-client.js';
import type { GuardSnapshot } from '../exchange/guard/guard-state.js';
import type { Logger } from '../logging/logger.js';
import type { HoldRepository } from '../storage/hold-repository.js';
import type { PostgresDatabase } from '../storage/postgres-database.js';

export interface HoldKeeperOptions {
  readonly clients: Pick<ExchangeClients, 'guardSnapshot' | 'restoreGuard'>;
  readonly database: PostgresDatabase;
  readonly holds: Pick<HoldRepository, 'load' | 'save'>;
  readonly logger: Logger;
}

/** Keeps open circuits and suspensions over a restart, so that a restart does not hammer an exchange. */
export class HoldKeeper {
  readonly #options: HoldKeeperOptions;
  #stored: GuardSnapshot | undefined;

  constructor(options: HoldKeeperOptions) {
    this.#options = options;
  }

  /** Once, before the first request to any exchange. */
  async restore(): Promise<void> {
    if (this.#stored !== undefined) return;
    const { clients, database, holds } = this.#options;
    const stored = await holds.load(database);
    if (this.#stored !== undefined) return;
    this.#stored = stored;
    clients.restoreGuard(stored);
  }

  /** After a run. Nothing is sent when nothing has changed; what could not be stored is tried after the next. */
  async save(): Promise<void> {
    const { clients, database, holds, logger } = this.#options;
    const current = clients.guardSnapshot();
    if (JSON.stringify(current) === JSON.stringify(this.#stored)) return;
    try {
      await database.transaction((transaction) => holds.save(transaction, current, this.#stored));
      this.#stored = current;
    } catch (error) {
      logger.warning('What is to be left alone could not be stored', { error });
    }
  }
}
