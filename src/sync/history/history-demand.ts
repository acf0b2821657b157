import type { ReportedError } from '../../domain/report.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { TimeRange } from '../../domain/time-range.js';
import type { HistoryScope } from '../../exchange/exchange-client.js';
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
  readonly error: ReportedError | undefined;
  readonly list: Pick<HistoryScope, 'settleLagMs'>;
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
  #runs = 0;
  #hasRead = false;
  #settleLagMs = 0;
  #lost: readonly TimeRange[] = [];
  #beganAtMs: number | undefined;
  readonly #failed = new Set<ScopeId>();
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

  /** How many came as far as to read. */
  get runs(): number {
    return this.#runs;
  }

  /** Whether any list was read without an error. */
  get hasRead(): boolean {
    return this.#hasRead;
  }

  /** What happened this long ago is in every list. */
  get settleLagMs(): number {
    return this.#settleLagMs;
  }

  get lost(): readonly TimeRange[] {
    return this.#lost;
  }

  add({ rows, newRows, isMore, walks }: Slice): void {
    this.#rows += rows;
    this.#newRows += newRows;
    this.#isMore = isMore;
    this.#runs += 1;
    this.#hasRead ||= walks.some(({ error }) => error === undefined || error.code === 'RECORD_INVALID');
    this.#settleLagMs = Math.max(this.#settleLagMs, ...walks.map(({ list }) => list.settleLagMs));
    this.#lost = mergeRanges([...this.#lost, ...this.within(walks.flatMap(({ allLost }) => allLost))]);
    for (const { scope, attempted, doneMs, error } of walks) {
      if (error !== undefined && error.code !== 'RECORD_INVALID') this.#failed.add(scope);
      this.#attempted.set(scope, mergeRanges([...this.attempted(scope), ...attempted]));
      this.#doneMs += doneMs;
    }
  }

  /** By the exchange's clock; what comes later is for the next one, or it would never end. */
  beganAtMs(nowMs: number): number {
    this.#beganAtMs ??= nowMs;
    return this.#beganAtMs;
  }

  /** What came since it began is to be read, too. */
  goOn(): void {
    this.#beganAtMs = undefined;
  }

  /** The same, and once more what somebody asked for meanwhile; not of lists that could not be read. */
  goOnAgain(): void {
    this.goOn();
    for (const scope of this.#attempted.keys()) if (!this.#failed.has(scope)) this.#attempted.delete(scope);
  }

  attempted(scope: ScopeId): readonly TimeRange[] {
    return this.#attempted.get(scope) ?? [];
  }

  /** In as far as it is asked for. */
  within(ranges: readonly TimeRange[]): readonly TimeRange[] {
    return this.repair === undefined ? ranges : intersectRanges(ranges, [this.repair]);
  }
}
