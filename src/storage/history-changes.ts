import type { AccountRef } from '../domain/account.js';
import type { Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import { boundedTimestamp } from './table.js';

/**
 * Notes, in the transaction that writes rows of a history, from when on they changed something. Whoever writes for an
 * account does it alone (under its lease), so that the numbers follow the commits.
 */
export async function noteHistoryChange(
  transaction: Transaction,
  schema: string,
  { exchange, account }: AccountRef,
  earliestMs: number,
): Promise<void> {
  const target = qualifiedName(schema, 'history_changes');
  await transaction.query(
    `INSERT INTO ${target} (exchange_id, account, number, earliest_at)
     SELECT $1, $2, coalesce(max(number), 0) + 1, $3
     FROM ${target} WHERE exchange_id = $1 AND account = $2`,
    [exchange, account, boundedTimestamp(earliestMs)],
  );
}
