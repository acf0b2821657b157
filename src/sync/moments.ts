import type { HistoryOpening, HistoryRow } from '../ledger/cost-basis-history.js';

/** Everything of one millisecond. */
export interface Moment {
  readonly atMs: number;
  readonly opened: readonly HistoryOpening[];
  readonly rows: readonly HistoryRow[];
}

/** Rows and openings, both in the order of time, by the millisecond; batches may end in the middle of one. */
export async function* momentsOf(
  openings: readonly HistoryOpening[],
  batches: AsyncIterable<readonly HistoryRow[]>,
): AsyncGenerator<Moment> {
  let opening = 0;
  const openedUntil = (atMs: number): HistoryOpening[] => {
    const from = opening;
    while (opening < openings.length && (openings[opening]?.horizonMs ?? atMs) <= atMs) opening += 1;
    return openings.slice(from, opening);
  };
  function* before(atMs: number): Generator<Moment> {
    for (const one of openedUntil(atMs - 1)) yield { atMs: one.horizonMs, opened: [one], rows: [] };
  }
  let rows: HistoryRow[] = [];
  for await (const batch of batches) {
    for (const row of batch) {
      const atMs = rows[0]?.record.timestampMs;
      if (atMs !== undefined && row.record.timestampMs !== atMs) {
        yield* before(atMs);
        yield { atMs, opened: openedUntil(atMs), rows };
        rows = [];
      }
      rows.push(row);
    }
  }
  const atMs = rows[0]?.record.timestampMs;
  if (atMs !== undefined) {
    yield* before(atMs);
    yield { atMs, opened: openedUntil(atMs), rows };
  }
  yield* before(Number.POSITIVE_INFINITY);
}
