import type { PositionRecord } from '../domain/records.js';
import type { ExchangeClients } from '../exchange/exchange-client.js';
import type { Queryable } from '../storage/database.js';
import type { PositionKey } from '../storage/position-repository.js';
import type { DataSync } from './data-sync.js';
import type { MirrorTable } from './mirror-table.js';
import { SnapshotSync } from './snapshot-sync.js';

export interface PositionsSyncOptions {
  readonly clients: ExchangeClients;
  readonly database: Queryable;
  readonly table: MirrorTable<PositionKey, PositionRecord>;
  readonly now: () => number;
}

/** POSITIONS: each settle currency is a scope; a position that a scope no longer lists was closed. */
export function positionsSync(options: PositionsSyncOptions): DataSync {
  return new SnapshotSync<PositionKey, PositionRecord>({
    ...options,
    dataType: 'positions',
    identify: ({ symbol, side, marginMode }) => JSON.stringify([symbol, side, marginMode]),
    scopes: (client) => client.positionScopes(),
    read: (client, scope, context) => client.readPositions(scope, context),
  });
}
