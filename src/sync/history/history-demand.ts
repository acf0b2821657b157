import type { ScopeId } from '../../domain/scope-read.js';
import type { TimeRange } from '../../domain/time-range.js';
import { intersectRanges, mergeRanges } from '../../ledger/time-ranges.js';

/** What a run came to. */
interface Slice {
  /** In the exchange's answers, valid. */
  readonly rows: number;
  readonly newRows: number;
  readonly isMore: boolean;
  readonly walks: readonly WalkedScope[];
}

interface WalkedScope {
  readonly scope: ScopeId;
  readonly attempted: readonly TimeRange[];
  readonly doneMs: number;
  /** Of what is asked for. */
  readonly allLost: readonly TimeRange[];
}

export interface HistoryDemandOptions {
  /** Every market of the exchange instead of those that are known to matter, where it wants a symbol. */
  readonly allSymbols?: boolean;
  /** Nothing else, and all of it once more, whether it is covered or not. */
  readonly repair?: TimeRange | undefined;
}

/**
 * A backfill or a repair of one data type of an account, over all of its runs. What was attempted is not read
 * again, so that it comes to an end also where something can't be read.
 */
export class HistoryDemand {
  readonly allSymbols: boolean;
  readonly repair: TimeRange | undefined;
  #doneMs = 0;
  #rows = 0;
  #newRows = 0;
  #isMore = false;
  #lost: readonly TimeRange[] = [];
  #beganAtMs: number | undefined;
  readonly #attempted = new Map<ScopeId, readonly TimeRange[]>();

  constructor({ allSymbols = false, repair }: HistoryDemandOptions) {
    this.allSymbols = allSymbols;
    this.repair = repair;
  }

  /** Of the time that is to be read: how much was. */
  get doneMs(): number {
    return this.#doneMs;
  }

  get rows(): number {
    return this.#rows;
  }

  get newRows(): number {
    return this.#newRows;
  }

  /** Whether another run has something to read. */
  get isMore(): boolean {
    return this.#isMore;
  }

  /** By the last run. */
  get lost(): readonly TimeRange[] {
    return this.#lost;
  }

  add({ rows, newRows, isMore, walks }: Slice): void {
    this.#rows += rows;
    this.#newRows += newRows;
    this.#isMore = isMore;
    this.#lost = this.within(mergeRanges(walks.flatMap(({ allLost }) => allLost)));
    for (const { scope, attempted, doneMs } of walks) {
      this.#attempted.set(scope, mergeRanges([...this.attempted(scope), ...attempted]));
      this.#doneMs += doneMs;
    }
  }

  /** By the exchange's clock; what comes later is for the next one, or it would never end. */
  beganAtMs(nowMs: number): number {
    this.#beganAtMs ??= nowMs;
    return this.#beganAtMs;
  }

  attempted(scope: ScopeId): readonly TimeRange[] {
    return this.#attempted.get(scope) ?? [];
  }

  /** In as far as it is asked for. */
  within(ranges: readonly TimeRange[]): readonly TimeRange[] {
    return this.repair === undefined ? ranges : intersectRanges(ranges, [this.repair]);
  }
}
