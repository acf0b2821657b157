import type { Transaction } from '../database.js';
import { qualifiedName } from '../identifier.js';

/**
 * Makes known whose rows were copied: an account that nobody configures any more can be retired, and what no
 * read of ours has had is shown as stale. Overwrites nothing.
 */
export async function rememberAdoptedAccounts(transaction: Transaction, schema: string): Promise<void> {
  const table = (name: string) => qualifiedName(schema, name);
  await transaction.query(
    `INSERT INTO ${table('sync_accounts')} (exchange_id, account, configured_at)
     SELECT exchange_id, account, now() FROM ${table('portfolio_items')}
     UNION SELECT exchange_id, account, now() FROM ${table('exchange_balances')}
     UNION SELECT exchange_id, account, now() FROM ${table('exchange_orders')}
     ON CONFLICT DO NOTHING`,
  );
  await transaction.query(
    `INSERT INTO ${table('sync_scopes')} (exchange_id, account, data_type, scope)
     SELECT exchange_id, account, 'portfolio', 'portfolio' FROM ${table('portfolio_items')}
     UNION SELECT exchange_id, account, 'balances', scope FROM ${table('exchange_balances')}
     ON CONFLICT DO NOTHING`,
  );
}
