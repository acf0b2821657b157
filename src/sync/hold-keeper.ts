import type { ExchangeClients } from '../exchange/exchange-client.js';
import type { GuardSnapshot } from '../exchange/guard/guard-state.js';
import type { Logger } from '../logging/logger.js';
import type { Transaction } from '../storage/database.js';
import type { HoldRepository } from '../storage/hold-repository.js';
import type { PostgresDatabase } from '../storage/postgres-database.js';
import { changesBetween, isNoChange, withChanges } from './hold-changes.js';

export interface HoldKeeperOptions {
  readonly clients: Pick<ExchangeClients, 'guardSnapshot' | 'mergeGuard'>;
  readonly database: Pick<PostgresDatabase, 'transaction'>;
  readonly holds: Pick<HoldRepository, 'load' | 'write' | 'end'>;
  readonly logger: Logger;
}

const NONE: GuardSnapshot = { circuits: {}, limits: {}, suspensions: {} };

/**
 * Shares what is to be left alone (open circuits, limits, bans and suspensions) with the other processes on
 * the database and with those that come after this one, so that none of them hammers an exchange.
 */
export class HoldKeeper {
  readonly #options: HoldKeeperOptions;
  /** As this process knows the table. */
  #stored = NONE;
  #saving: Promise<void> = Promise.resolve();
  #saves = 0;
  #refreshes = 0;
  #lastRefresh = 0;

  constructor(options: HoldKeeperOptions) {
    this.#options = options;
  }

  /** Before the first request of a run: takes over what others have stored, and drops what they have lifted. */
  async refresh(transaction: Transaction): Promise<void> {
    const { clients, holds } = this.#options;
    this.#refreshes += 1;
    const turn = this.#refreshes;
    let saves: number;
    let stored: GuardSnapshot;
    // What was saved while the answer was under way has made it old.
    do {
      saves = this.#saves;
      stored = await holds.load(transaction);
    } while (saves !== this.#saves);
    // A run that asked later has been answered earlier.
    if (turn < this.#lastRefresh) return;
    this.#lastRefresh = turn;
    clients.mergeGuard(stored, this.#stored);
    this.#stored = stored;
  }

  /** Nothing is sent when nothing has changed; what could not be stored is tried after the next change. */
  save(): Promise<void> {
    this.#saving = this.#saving.then(() => this.#save());
    return this.#saving;
  }

  async #save(): Promise<void> {
    const { clients, database, holds, logger } = this.#options;
    const changes = changesBetween(this.#stored, clients.guardSnapshot());
    if (isNoChange(changes)) return;
    try {
      await database.transaction(async (transaction) => {
        await holds.end(transaction, changes.ended);
        await holds.write(transaction, changes.written);
      });
      this.#saves += 1;
      this.#stored = withChanges(this.#stored, changes);
    } catch (error) {
      logger.warning('What is to be left alone could not be stored', { error });
    }
  }
}
