import type { BalanceRecord } from '../../domain/records.js';
import type { ScopeRead } from '../../domain/scope-read.js';
import { isZero, subtract } from '../../ledger/decimal.js';
import type { ReadContext } from '../exchange-client.js';
import type { BalanceScopeProfile } from '../profiles/profile.js';
import { asDictionary } from './answer.js';
import { type BalanceEntry, balanceEntries } from './balance-entries.js';
import { balanceRow } from './balance-row.js';
import type { ReaderOptions } from './reader-options.js';
import { RowSet } from './row-set.js';

/** Reads one wallet. Exchanges list what is not zero; a currency that is missing has none. */
export async function readBalances(
  { session, clock }: ReaderOptions,
  scope: BalanceScopeProfile,
  context: ReadContext,
): Promise<ScopeRead<BalanceRecord>> {
  const origin = { exchange: session.exchange, scope: scope.id, method: scope.method };
  let requestedAtMs = 0;
  const answer = await session.call({ context, scope: scope.id, method: scope.method }, (ccxt) => {
    requestedAtMs = clock.now();
    return ccxt.fetchBalance({ ...scope.params });
  });
  const balance = asDictionary(answer, origin);
  const rows = new RowSet<BalanceRecord>({ key: ({ wallet, currency }) => `${wallet} ${currency}` });
  for (const entry of balanceEntries(balance, scope, session.ccxt, origin)) addBalance(rows, entry);
  return { scope: scope.id, records: rows.records, rejected: rows.rejected, pages: 1, requestedAtMs };
}

function addBalance(rows: RowSet<BalanceRecord>, { wallet, candidate }: BalanceEntry): void {
  const name = `balance of ${String(candidate.currency)}`;
  const row = rows.parse(name, balanceRow, candidate);
  if (row === undefined) return;
  const { borrowed, total, ...rest } = row;
  const owesNothing = borrowed === undefined || isZero(borrowed);
  rows.add(name, { wallet, ...rest, total: owesNothing ? total : subtract(total, borrowed) });
}
