import type { CredentialSource } from '../credentials/credentials.js';
import { type AccountRef, accountId, MAIN_ACCOUNT } from '../domain/account.js';
import { SYNCED_DATA_TYPES, type SyncedDataType } from '../domain/data-type.js';
import type { AccountRepository } from '../storage/account-repository.js';
import type { PostgresDatabase } from '../storage/postgres-database.js';
import type { SchemaGate } from '../storage/schema-gate.js';
import type { SyncStatusRepository } from '../storage/sync-status-repository.js';
import { targetsOf } from './sync-target.js';

export interface ConfiguredAccountsOptions {
  /** In the configuration's order. */
  readonly exchanges: readonly string[];
  readonly credentials: Pick<CredentialSource, 'accounts'>;
  readonly intervalMs: Readonly<Record<SyncedDataType, number>>;
  /** Whether this is the whole configuration, so that what is missing from it was taken out. */
  readonly complete: boolean;
  readonly database: Pick<PostgresDatabase, 'transaction'>;
  readonly gate: Pick<SchemaGate, 'ready'>;
  readonly accounts: Pick<AccountRepository, 'configure' | 'retireUnsynced'>;
  readonly status: Pick<SyncStatusRepository, 'schedule'>;
  readonly now: () => number;
}

const MINUTE_MS = 60_000;

/** An account that was taken out is retired only once its last sync is old, which takes asking again. */
const REMEMBER_EVERY_MS = 15 * MINUTE_MS;

/** Every account that is to be mirrored: those that some provider has a key for. */
export class ConfiguredAccounts {
  readonly #options: ConfiguredAccountsOptions;
  #remembered: { readonly accounts: string; readonly atMs: number } | undefined;

  constructor(options: ConfiguredAccountsOptions) {
    this.#options = options;
  }

  /** Asks the providers anew, so that an account that was added since is seen. */
  async list(): Promise<readonly AccountRef[]> {
    const { exchanges, credentials } = this.#options;
    const accounts: AccountRef[] = [];
    for (const exchange of exchanges) {
      const names = await credentials.accounts(exchange);
      // An exchange without any key keeps its main account, whose reports then say which key is missing.
      for (const account of names.length === 0 ? [MAIN_ACCOUNT] : names) accounts.push({ exchange, account });
    }
    return accounts;
  }

  /** Lets the database know them, for its readers to tell stale and retired accounts from the others. */
  async remember(accounts: readonly AccountRef[]): Promise<void> {
    const { database, gate, intervalMs, complete, now } = this.#options;
    const signature = accounts.map(accountId).join(' ');
    const atMs = now();
    const known = this.#remembered;
    if (known?.accounts === signature && atMs - known.atMs < REMEMBER_EVERY_MS) return;
    await gate.ready();
    await database.transaction(async (transaction) => {
      await this.#options.accounts.configure(transaction, accounts, atMs);
      if (complete) await this.#options.accounts.retireUnsynced(transaction, accounts, atMs);
      const targets = targetsOf(accounts, SYNCED_DATA_TYPES);
      await this.#options.status.schedule(
        transaction,
        targets.map((target) => ({ ...target, intervalMs: intervalMs[target.dataType] })),
      );
    });
    this.#remembered = { accounts: signature, atMs };
  }
}
