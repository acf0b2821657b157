import type { SyncedDataType } from '../domain/data-type.js';
import type { ScopeId, ScopeRead } from '../domain/scope-read.js';
import type { AccountClient, ExchangeClients, ReadContext } from '../exchange/exchange-client.js';
import type { Queryable } from '../storage/database.js';
import type { DataSync, PreparedSync, SyncRun } from './data-sync.js';
import type { MirrorTable } from './mirror-table.js';
import { notSupported } from './not-supported.js';
import { preparedSync } from './prepared-sync.js';
import { readScope, type ScopeSnapshot } from './read-scope.js';

export interface SnapshotSyncOptions<Key, Row extends Key> {
  readonly dataType: SyncedDataType;
  readonly clients: ExchangeClients;
  readonly database: Queryable;
  readonly table: MirrorTable<Key, Row>;
  readonly identify: (key: Key) => string;
  readonly scopes: (client: AccountClient) => readonly ScopeId[];
  readonly read: (client: AccountClient, scope: ScopeId, context: ReadContext) => Promise<ScopeRead<Row>>;
  readonly now: () => number;
}

/** Mirrors data of which every read is a whole picture of its scope: what is not in it is gone. */
export class SnapshotSync<Key, Row extends Key> implements DataSync {
  readonly dataType: SyncedDataType;
  readonly #options: SnapshotSyncOptions<Key, Row>;

  constructor(options: SnapshotSyncOptions<Key, Row>) {
    this.dataType = options.dataType;
    this.#options = options;
  }

  async prepare({ account, context }: SyncRun): Promise<PreparedSync> {
    const { clients, database, table, identify, scopes, read, now } = this.#options;
    const client = await clients.account(account, context);
    if (scopes(client).length === 0) throw notSupported(account, this.dataType);

    const present = await table.present(database, account);
    const snapshots: ScopeSnapshot<Key, Row>[] = [];
    // One after the other: some exchanges want nonces in order, and parallel requests of one key gain
    // nothing behind its rate limit.
    for (const scope of scopes(client)) {
      const presentInScope = present.filter((row) => row.scope === scope).map((row) => row.key);
      snapshots.push(
        await readScope({
          scope,
          read: () => read(client, scope, context),
          present: presentInScope,
          identify,
          now,
          signal: context.signal,
        }),
      );
    }

    return preparedSync(snapshots, async (transaction) => {
      for (const { result, records, absent } of snapshots) {
        await table.upsert(transaction, account, result.scope, records);
        await table.markAbsent(transaction, account, result.scope, absent, result.attemptedAtMs);
      }
    });
  }
}
