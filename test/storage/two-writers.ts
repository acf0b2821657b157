import type { Transaction } from '#src/storage/database.js';
import type { TestDatabase } from '../support/postgres.js';

/**
 * Lets `second` run into what `first` has written and not yet committed: `second` is waiting for a lock when
 * `first` commits. Gives what `second` resolves with.
 */
export async function whileUncommitted<T>(
  test: TestDatabase,
  first: (transaction: Transaction) => Promise<unknown>,
  second: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  let waiting: Promise<T> | undefined;
  await test.database.transaction(async (transaction) => {
    await first(transaction);
    waiting = test.connect().transaction(second);
    await untilBlocked(test);
  });
  if (!waiting) throw new Error('the second transaction was not started');
  return waiting;
}

async function untilBlocked(test: TestDatabase): Promise<void> {
  const observer = test.connect();
  for (let attempt = 0; attempt < 2000; attempt += 1) {
    const { rowCount } = await observer.query(
      `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND application_name LIKE '%' || $1`,
      [test.schema],
    );
    if (rowCount > 0) return;
  }
  throw new Error('the second transaction did not run into the first');
}
