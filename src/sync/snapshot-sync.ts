import type { AccountRef } from '../domain/account.js';
import type { SyncedDataType } from '../domain/data-type.js';
import type { ScopeId, ScopeRead } from '../domain/scope-read.js';
import type { AccountClient, ExchangeClients, ReadContext } from '../exchange/exchange-client.js';
import type { Queryable, Transaction } from '../storage/database.js';
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
  /** Is told, within the transaction, what all scopes together said, where each was read completely. */
  readonly whenComplete?: (
    transaction: Transaction,
    account: AccountRef,
    picture: CompletePicture<Row>,
  ) => Promise<void>;
  readonly now: () => number;
}

/** One valid read of all scopes. Times are the exchange's. */
export interface CompletePicture<Row> {
  readonly records: readonly Row[];
  /** When the first scope was asked. */
  readonly askedAtMs: number;
  /** When the last one had answered. */
  readonly answeredAtMs: number;
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
    const { clients, database, table, identify, scopes, read, whenComplete, now } = this.#options;
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

    const aheadMs = now() - client.exchangeTimeMs();
    const picture = completePicture(snapshots, now(), aheadMs);
    return preparedSync(snapshots, async (transaction) => {
      for (const { result, records, absent } of snapshots) {
        await table.upsert(transaction, account, result.scope, records);
        await table.markAbsent(transaction, account, result.scope, absent, result.attemptedAtMs);
      }
      if (picture !== undefined) await whenComplete?.(transaction, account, picture);
    });
  }
}

/** Undefined: of some scope nothing can be said. `aheadMs`: what our clock is ahead of the exchange's. */
function completePicture<Key, Row>(
  snapshots: readonly ScopeSnapshot<Key, Row>[],
  answeredAtMs: number,
  aheadMs: number,
): CompletePicture<Row> | undefined {
  const askedAtMs = snapshots.flatMap(({ result }) => result.completeAtMs ?? []);
  if (askedAtMs.length < snapshots.length) return undefined;
  return {
    records: snapshots.flatMap(({ records }) => records),
    askedAtMs: Math.min(...askedAtMs) - aheadMs,
    answeredAtMs: answeredAtMs - aheadMs,
  };
}
