import type { HistoryChunk } from '../../domain/backfill-report.js';
import type { HistoryDataType } from '../../domain/data-type.js';
import { totalLengthMs } from '../../ledger/time-ranges.js';
import type { HistoryDemand } from './history-demand.js';
import type { ScopeWalk, WalkedPage } from './scope-walk.js';
import type { SliceBudget } from './slice-budget.js';

/** Of what is to be read of all scopes, in milliseconds of history. */
export type SliceProgress = Pick<HistoryChunk, 'doneMs' | 'totalMs'>;

export interface SliceOptions<Type extends HistoryDataType> {
  readonly demand: HistoryDemand | undefined;
  readonly budget: SliceBudget;
  readonly onPage: (walk: ScopeWalk<Type>, page: WalkedPage, progress: SliceProgress) => void;
}

export interface SliceCounts {
  readonly processed: number;
  readonly rows: number;
  readonly newRows: number;
}

/**
 * Reads the newest day of every walk, then of what is older always the walk that is newest, page by page, until the
 * budget is spent. Closes the budget and the walks.
 */
export async function readSlice<Type extends HistoryDataType>(
  walks: readonly ScopeWalk<Type>[],
  { demand, budget, onPage }: SliceOptions<Type>,
): Promise<SliceCounts> {
  const counts = { processed: 0, rows: 0, newRows: 0 };
  const beforeMs = demand?.doneMs ?? 0;
  const totalMs = beforeMs + sumOf(walks, ({ unread }) => totalLengthMs(unread));
  const step = async (walk: ScopeWalk<Type>) => {
    const page = await walk.step();
    if (page === undefined) return false;
    counts.rows += page.rows;
    counts.processed += page.rows + page.rejected;
    counts.newRows += page.inserted;
    onPage(walk, page, { doneMs: beforeMs + sumOf(walks, ({ doneMs }) => doneMs), totalMs });
    return true;
  };
  try {
    // Who asks for years gets them in slices that are all alike; the schedule cares for today.
    if (demand === undefined) for (const walk of walks) while (walk.hasTail && (await step(walk)));
    budget.begin({ endsWaiting: demand === undefined });
    // Of a run that has come nowhere, the next one would begin with the same, and the one after it.
    const progress = () => sumOf(walks, ({ progressMs }) => progressMs);
    const progressBefore = progress();
    const hasTime = () => budget.take() || (!budget.isOver && progress() === progressBefore);
    for (let walk = newest(walks); walk !== undefined && hasTime(); walk = newest(walks)) {
      await step(walk);
    }
  } finally {
    budget.close();
    for (const walk of walks) await walk.close();
  }
  return counts;
}

function newest<Type extends HistoryDataType>(
  walks: readonly ScopeWalk<Type>[],
): ScopeWalk<Type> | undefined {
  let found: ScopeWalk<Type> | undefined;
  for (const walk of walks) {
    if (walk.newestMs !== undefined && walk.newestMs > (found?.newestMs ?? -Infinity)) found = walk;
  }
  return found;
}

function sumOf<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}
