import type { AccountRef } from '#src/domain/account.js';
import type { HistoryDataType } from '#src/domain/data-type.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import type { HistoryRecords, TransferRecord } from '#src/domain/history-records.js';
import type { TimeRange } from '#src/domain/time-range.js';
import type {
  AccountClient,
  ExchangeClients,
  HistoryPage,
  HistoryRequest,
  HistoryScope,
  ReadContext,
} from '#src/exchange/exchange-client.js';
import { transfer } from '../../storage/records.js';
import { abortedBy } from './aborted-by.js';

/** One row of a list, and when the list shows it. */
export interface ScriptedRow {
  readonly id: string;
  readonly timeMs: number;
  readonly visibleAtMs: number;
  /** Until then it is no row of its type. */
  readonly validFromMs?: number;
  /** Until then it is not final. */
  readonly finalFromMs?: number;
}

const LIST: HistoryScope = {
  id: 'deposits',
  needsSymbol: false,
  servedFromMs: 0,
  settleLagMs: 10,
  lateMs: 100,
};

export interface ScriptedOptions {
  readonly rows: readonly ScriptedRow[];
  readonly pageSize: number;
  readonly lists?: readonly HistoryScope[];
  readonly list?: Partial<HistoryScope>;
  readonly nowMs?: number;
}

/** A list of deposits, newest first, by pages; what it is asked for is kept. */
export class ScriptedHistory {
  nowMs: number;
  /** How many more pages it gives before it fails, or is called off. */
  pagesLeft = Number.POSITIVE_INFINITY;
  /** `wait`: the exchange's limits hold it back until it is called off. */
  failure: 'error' | 'crash' | 'wait' = 'error';
  /** Of these lists no page is given. */
  readonly broken = new Set<string>();
  readonly asked: HistoryRequest[] = [];
  /** In the order in which they were given. */
  readonly pages: { readonly scope: string; readonly rows: number }[] = [];
  readonly #options: ScriptedOptions;
  readonly #abort: () => void;

  constructor(options: ScriptedOptions, abort: () => void = () => undefined) {
    this.#options = options;
    this.#abort = abort;
    this.nowMs = options.nowMs ?? 0;
  }

  get lists(): readonly HistoryScope[] {
    return this.#options.lists ?? [{ ...LIST, ...this.#options.list }];
  }

  clients(): ExchangeClients {
    return {
      account: async (account: AccountRef) => this.client(account),
    } as Partial<ExchangeClients> as ExchangeClients;
  }

  client(account: AccountRef): AccountClient {
    const client: Partial<AccountClient> = {
      account,
      exchangeTimeMs: () => this.nowMs,
      historyScopes: (dataType) => (dataType === 'transfers' ? this.lists : []),
      historySymbols: () => [],
      readHistory: <Type extends HistoryDataType>(
        _dataType: Type,
        request: HistoryRequest,
        { signal }: ReadContext,
      ) => this.#read(request, signal) as AsyncIterable<HistoryPage<HistoryRecords[Type]>>,
    };
    return client as AccountClient;
  }

  async *#read(request: HistoryRequest, signal: AbortSignal): AsyncGenerator<HistoryPage<TransferRecord>> {
    this.asked.push(request);
    const { range } = request;
    const visible = this.#options.rows
      .filter(({ timeMs, visibleAtMs }) => holds(range, timeMs) && visibleAtMs <= this.nowMs)
      .sort((left, right) => right.timeMs - left.timeMs || left.id.localeCompare(right.id));
    let topMs = range.toMs;
    for (let first = 0; ; first += this.#options.pageSize) {
      if (this.failure === 'wait' && this.pagesLeft === 0) await abortedBy(signal);
      this.#countPage(request.scope);
      const rows = visible.slice(first, first + this.#options.pageSize);
      const isLast = first + rows.length >= visible.length;
      const fromMs = isLast ? range.fromMs : Math.min(topMs, (rows.at(-1)?.timeMs ?? 0) + 1);
      this.pages.push({ scope: request.scope, rows: rows.length });
      yield this.#page(rows, { fromMs, toMs: topMs });
      topMs = fromMs;
      if (isLast) return;
    }
  }

  #countPage(scope: string): void {
    if (this.broken.has(scope)) throw new ExchangeSyncError('EXCHANGE_REJECTED', 'this list is broken');
    this.pagesLeft -= 1;
    if (this.pagesLeft >= 0) return;
    if (this.failure === 'crash') this.#abort();
    throw new ExchangeSyncError('EXCHANGE_REJECTED', 'no more pages');
  }

  #page(rows: readonly ScriptedRow[], { fromMs, toMs }: TimeRange): HistoryPage<TransferRecord> {
    const isValid = ({ validFromMs = 0 }: ScriptedRow) => validFromMs <= this.nowMs;
    const bad = rows.filter((row) => !isValid(row));
    const edges = [...new Set(bad.map(({ timeMs }) => timeMs))].sort((left, right) => left - right);
    const starts = [fromMs, ...edges.map((ms) => ms + 1)];
    const covered = starts
      .map((startMs, index) => ({ fromMs: startMs, toMs: edges[index] ?? toMs }))
      .filter((range) => range.fromMs < range.toMs);
    return {
      records: rows.filter(isValid).map((row) => this.#record(row)),
      rejected: bad.map(({ id, timeMs }) => ({
        row: `deposit ${id}`,
        reason: 'amount: it is negative',
        timestampMs: timeMs,
        raw: { id },
      })),
      covered: fromMs < toMs ? covered : [],
    };
  }

  #record({ id, timeMs, finalFromMs = 0 }: ScriptedRow): TransferRecord {
    const isFinal = finalFromMs <= this.nowMs;
    return transfer({ kind: 'deposit', id, timestampMs: timeMs, status: isFinal ? 'ok' : 'pending' });
  }
}

function holds({ fromMs, toMs }: TimeRange, ms: number): boolean {
  return fromMs <= ms && ms < toMs;
}
