import type { AccountRef } from '../../domain/account.js';
import type { HistoryDataType } from '../../domain/data-type.js';
import type { HistoryRecords } from '../../domain/history-records.js';
import type { RejectedHistoryRow, ScopeId } from '../../domain/scope-read.js';
import type { TimeRange } from '../../domain/time-range.js';
import type { HistoryPage } from '../../exchange/exchange-client.js';
import { intersectRanges, mergeRanges, subtractRanges } from '../../ledger/time-ranges.js';
import type { Transaction } from '../../storage/database.js';
import type { HistoryStore } from './history-store.js';
import { rowName } from './row-name.js';

export interface PageTarget<Type extends HistoryDataType> {
  readonly account: AccountRef;
  readonly dataType: Type;
  readonly scope: ScopeId;
  readonly store: HistoryStore<Type>;
}

/** What is known of the scope's time before a page is written. */
export interface BeforePage {
  readonly complete: readonly TimeRange[];
  readonly rereads: readonly TimeRange[];
  /** Read too soon, and not known by anybody else to be read again. */
  readonly late: readonly TimeRange[];
  /** Whether rows of it are set aside. */
  readonly hasAside: boolean;
  /** Where a row without a time can be. */
  readonly within: TimeRange;
  /** The milliseconds of what was set aside on earlier pages: the next page may claim them. */
  readonly unclear: readonly TimeRange[];
}

export interface CommittedPage {
  readonly inserted: number;
  readonly covered: readonly TimeRange[];
  readonly aside: readonly RejectedHistoryRow[];
  readonly unclear: readonly TimeRange[];
}

/**
 * Writes a page and what it proves: rows, coverage and what is still to be read again belong together. A usual
 * page takes one statement for each of the rows, what they change of what is made of them, and the coverage; one
 * that settles a reread, or says that there is one, takes another.
 */
export async function writePage<Type extends HistoryDataType>(
  transaction: Transaction,
  { account, dataType, scope, store }: PageTarget<Type>,
  page: HistoryPage<HistoryRecords[Type]>,
  before: BeforePage,
): Promise<CommittedPage> {
  const { rows, coverage, rereads, setAside } = store;
  const { inserted, contradicted } = await addRows(transaction, { account, scope, rows }, page.records);
  const aside = [
    ...page.rejected,
    ...contradicted.map((record) => ({
      row: rowName(dataType, record),
      reason: 'it says something else than what is stored under its id',
      timestampMs: record.timestampMs,
      raw: record,
    })),
  ];
  const milliseconds = aside.flatMap(({ timestampMs: ms }) =>
    ms === undefined ? [] : [{ fromMs: ms, toMs: ms + 1 }],
  );
  const unclear = mergeRanges([...before.unclear, ...milliseconds]);
  const covered = subtractRanges(page.covered, unclear);
  await coverage.cover(transaction, account, dataType, scope, covered);
  const settled = intersectRanges(before.rereads, covered);
  if (settled.length > 0) await rereads.done(transaction, account, dataType, scope, settled);
  for (const range of subtractRanges(before.late, covered)) {
    await rereads.request(transaction, account, dataType, scope, range, 'late');
  }
  if (aside.length > 0) {
    await setAside.record(transaction, account, dataType, scope, aside, before.within);
    const doubted = intersectRanges(before.complete, unclear);
    if (doubted.length > 0) await coverage.forget(transaction, account, dataType, scope, doubted);
  }
  if (before.hasAside) await setAside.clear(transaction, account, dataType, scope);
  return { inserted, covered, aside, unclear };
}

/** An empty page is an answer, too, and needs no statement. */
async function addRows<Type extends HistoryDataType>(
  transaction: Transaction,
  { account, scope, rows }: Pick<PageTarget<Type>, 'account' | 'scope'> & Pick<HistoryStore<Type>, 'rows'>,
  records: readonly HistoryRecords[Type][],
) {
  if (records.length === 0) return { inserted: 0, contradicted: [] };
  return await rows.add(transaction, account, scope, records);
}
