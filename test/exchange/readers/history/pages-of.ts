import type { HistoryDataType } from '#src/domain/data-type.js';
import type { HistoryRecords } from '#src/domain/history-records.js';
import type { RejectedHistoryRow } from '#src/domain/scope-read.js';
import type { TimeRange } from '#src/domain/time-range.js';
import type { AccountClient, HistoryPage, HistoryRequest } from '#src/exchange/exchange-client.js';
import { readContext } from '../passing-session.js';

export interface ReadPages<Row> {
  readonly pages: readonly HistoryPage<Row>[];
  readonly records: readonly Row[];
  readonly rejected: readonly RejectedHistoryRow[];
  /** Joined, in the order of time. */
  readonly covered: readonly TimeRange[];
}

/** Reads a history to its end. */
export async function pagesOf<Type extends HistoryDataType>(
  account: AccountClient,
  dataType: Type,
  request: HistoryRequest,
): Promise<ReadPages<HistoryRecords[Type]>> {
  const pages: HistoryPage<HistoryRecords[Type]>[] = [];
  for await (const page of account.readHistory(dataType, request, readContext())) pages.push(page);
  return {
    pages,
    records: pages.flatMap(({ records }) => records),
    rejected: pages.flatMap(({ rejected }) => rejected),
    covered: joined(pages.flatMap(({ covered }) => covered)),
  };
}

/** Ranges that touch are one; throws where they overlap, for nothing is claimed twice. */
export function joined(ranges: readonly TimeRange[]): TimeRange[] {
  const result: TimeRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (last !== undefined && range.fromMs < last.toMs) throw new Error('ranges overlap');
    if (last?.toMs === range.fromMs) result[result.length - 1] = { fromMs: last.fromMs, toMs: range.toMs };
    else result.push(range);
  }
  return result;
}
