import type { AccountRef } from '../domain/account.js';
import type { BalanceRecord } from '../domain/records.js';
import type { Queryable } from './database.js';
import {
  MirrorRepository,
  type MirrorTable,
  OF_ACCOUNT,
  type RepositoryOptions,
} from './mirror-repository.js';

export type BalanceKey = Pick<BalanceRecord, 'wallet' | 'currency'>;

/** An old split of a total that has changed would be wrong, so that it is kept with its total only. */
const WITH_TOTAL = { whileSame: ['total'] } as const;

export const BALANCES: MirrorTable<BalanceRecord> = {
  name: 'exchange_balances',
  ...OF_ACCOUNT,
  key: [
    { name: 'wallet', type: 'text', field: 'wallet' },
    { name: 'currency', type: 'text', field: 'currency' },
  ],
  columns: [
    { name: 'available', type: 'numeric', field: 'available', keep: WITH_TOTAL },
    { name: 'locked', type: 'numeric', field: 'locked', keep: WITH_TOTAL },
    { name: 'total', type: 'numeric', field: 'total' },
  ],
  present: '(stored.total <> 0 OR stored.available <> 0 OR stored.locked <> 0)',
  whenAbsent: { available: '0', locked: '0', total: '0' },
};

/** `exchange_balances`. */
export class BalanceRepository extends MirrorRepository<BalanceRecord, BalanceKey> {
  constructor(options: RepositoryOptions) {
    super(BALANCES, options);
  }

  /** When a balance of each currency was last seen to change, by the database's clock; also of those that are gone. */
  async changedAt(queryable: Queryable, account: AccountRef): Promise<ReadonlyMap<string, number>> {
    const { rows } = await queryable.query<{ currency: string; changed_at: Date }>(
      `SELECT currency, max(updated_at) AS changed_at FROM ${this.target}
       WHERE exchange_id = $1 AND account = $2 GROUP BY currency`,
      [account.exchange, account.account],
    );
    return new Map(rows.map(({ currency, changed_at }) => [currency, changed_at.getTime()]));
  }
}
