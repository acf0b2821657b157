import type { AccountRef } from '../domain/account.js';
import type { HistoryDataType } from '../domain/data-type.js';
import type { HistoryRecords } from '../domain/history-records.js';
import type { ScopeId } from '../domain/scope-read.js';
import type { TimeRange } from '../domain/time-range.js';
import { addFlows, type FlowSums, NO_FLOWS } from '../ledger/proof.js';
import { mergeRanges } from '../ledger/time-ranges.js';
import type { Queryable } from './database.js';
import { HistoryRepository, type StreamOptions } from './history-repository.js';
import { LEDGER, TRADES, TRANSFERS } from './history-tables.js';
import { qualifiedName } from './identifier.js';
import { mergeByTime } from './merge-by-time.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { boundedTimestamp, toColumn } from './table.js';

/** What flowed of one asset in some time. */
export interface AssetFlows extends FlowSums {
  readonly asset: string;
}

/** A time of one asset. */
export interface FlowWindow extends TimeRange {
  readonly asset: string;
}

/** What flowed between two neighbouring edges of windows. */
type Bucket = AssetFlows & TimeRange;

/** One row of an account's history, of whichever kind. */
export type HistoryEvent = {
  readonly [Type in HistoryDataType]: {
    readonly account: AccountRef;
    readonly dataType: Type;
    readonly scope: ScopeId;
    readonly record: HistoryRecords[Type];
    /** Of a ledger row that is a transfer: its number on the blockchain, where a list of transfers has it. */
    readonly transactionId?: string;
  };
}[HistoryDataType];

/** What the histories of an account add up to, and their rows in the order of time. */
export class FlowRepository {
  readonly #flows: string;
  readonly #assets: string;
  readonly #trades: string;
  readonly #transfers: string;
  readonly #ledger: string;
  readonly #sources: readonly ((
    queryable: Queryable,
    account: AccountRef,
    options: StreamOptions,
  ) => AsyncGenerator<readonly HistoryEvent[]>)[];

  constructor(options: RepositoryOptions) {
    this.#flows = qualifiedName(options.schema, 'account_flows');
    this.#assets = qualifiedName(options.schema, 'history_assets');
    this.#trades = qualifiedName(options.schema, 'exchange_trades');
    this.#transfers = qualifiedName(options.schema, 'exchange_transfers');
    this.#ledger = qualifiedName(options.schema, 'exchange_ledger');
    const trades = new HistoryRepository(TRADES, options);
    const transfers = new HistoryRepository(TRANSFERS, options);
    const ledger = new HistoryRepository(LEDGER, options);
    const transactionIds = this.#transactionIds.bind(this);
    this.#sources = [
      async function* (queryable, account, range) {
        for await (const rows of transfers.stream(queryable, account, range)) {
          yield rows.map((row) => ({ account, dataType: 'transfers', ...row }));
        }
      },
      async function* (queryable, account, range) {
        for await (const rows of ledger.stream(queryable, account, range)) {
          const ids = await transactionIds(queryable, account, rows);
          yield rows.map((row) => {
            const transactionId = ids.get(transferOf(row.record) ?? '');
            return { account, dataType: 'ledger', ...row, ...(transactionId && { transactionId }) };
          });
        }
      },
      async function* (queryable, account, range) {
        for await (const rows of trades.stream(queryable, account, range)) {
          yield rows.map((row) => ({ account, dataType: 'trades', ...row }));
        }
      },
    ];
  }

  /** Of each asset that flowed in the range, in order of the assets. Costs what the range's rows cost. */
  async sums(queryable: Queryable, account: AccountRef, range: TimeRange): Promise<readonly AssetFlows[]> {
    const { rows } = await queryable.query<AssetFlows>(
      `SELECT asset,
         ${SUMS}
       FROM ${this.#flows}
       WHERE ${IN_RANGE}
       GROUP BY asset ORDER BY asset COLLATE "C"`,
      rangeParameters(account, range),
    );
    return rows;
  }

  /**
   * What flowed of assets in windows of time, one sum for each window, in one pass over the rows however many
   * windows there are. Windows are of one asset; those of time that no window has cost nothing.
   */
  async windowSums(
    queryable: Queryable,
    account: AccountRef,
    windows: readonly FlowWindow[],
  ): Promise<readonly FlowSums[]> {
    const buckets: Bucket[] = [];
    for (const range of mergeRanges(windows)) {
      const edges = edgesOf(windows, range);
      const { rows } = await queryable.query<AssetFlows & { bucket: number }>(
        // As account_flows, but each fill is looked at once and not for each of its currencies.
        `WITH fills AS (
           SELECT flow, base, quote, settle_currency, fee_currency, ${BUCKET} AS bucket, sum(fee_cost) AS fee,
             sum(CASE side WHEN 'buy' THEN amount ELSE -amount END) AS amount,
             sum(CASE side WHEN 'buy' THEN -cost ELSE cost END) AS cost, sum(realized_pnl) AS profit
           FROM ${this.#trades} WHERE ${IN_RANGE} AND flow <> 'none'
           GROUP BY flow, base, quote, settle_currency, fee_currency, bucket
         ), flows AS (
           SELECT base AS asset, bucket, 'fill' AS kind, amount FROM fills WHERE flow = 'exchange'
           UNION ALL SELECT quote, bucket, 'fill', cost FROM fills WHERE flow = 'exchange'
           UNION ALL SELECT settle_currency, bucket, 'fill', profit FROM fills WHERE flow = 'profit'
           UNION ALL SELECT fee_currency, bucket, 'fee', -fee FROM fills WHERE fee_currency IS NOT NULL
           UNION ALL SELECT asset, ${BUCKET}, kind, amount FROM ${this.#flows}
           WHERE ${IN_RANGE} AND data_type <> 'trades'
         )
         SELECT asset, bucket, ${SUMS} FROM flows WHERE asset = ANY ($5::text[]) GROUP BY asset, bucket`,
        [
          ...rangeParameters(account, range),
          [...new Set(windows.map(({ asset }) => toColumn('text', asset)))],
          edges.map(boundedTimestamp),
        ],
      );
      for (const { bucket, ...flows } of rows) {
        buckets.push({
          ...flows,
          fromMs: edges[bucket - 1] ?? range.fromMs,
          toMs: edges[bucket] ?? range.toMs,
        });
      }
    }
    return windows.map((window) =>
      buckets
        .filter(({ asset, fromMs, toMs }) => {
          return asset === window.asset && fromMs >= window.fromMs && toMs <= window.toMs;
        })
        .reduce<FlowSums>(addFlows, NO_FLOWS),
    );
  }

  /** Every asset that the account's histories ever moved. */
  async everMoved(queryable: Queryable, account: AccountRef): Promise<readonly string[]> {
    const { rows } = await queryable.query<{ asset: string }>(
      `SELECT asset FROM ${this.#assets} WHERE exchange_id = $1 AND account = $2 ORDER BY asset COLLATE "C"`,
      [account.exchange, account.account],
    );
    return rows.map(({ asset }) => asset);
  }

  /**
   * The assets of which something flowed in the range: those of `account_flows`, in a fifth of the time, for each fill
   * is read once and not once for each of its flows.
   */
  async assets(queryable: Queryable, account: AccountRef, range: TimeRange): Promise<ReadonlySet<string>> {
    const { rows } = await queryable.query<{ asset: string }>(
      `SELECT asset FROM (
         SELECT DISTINCT flow, base, quote, settle_currency, fee_currency FROM ${this.#trades}
         WHERE ${IN_RANGE} AND flow <> 'none'
       ) AS fill, unnest(
         CASE flow WHEN 'exchange' THEN ARRAY[base, quote, fee_currency] ELSE ARRAY[settle_currency, fee_currency] END
       ) AS moved (asset)
       WHERE asset IS NOT NULL
       UNION SELECT currency FROM ${this.#transfers} WHERE ${IN_RANGE} AND status = 'ok'
       UNION SELECT currency FROM ${this.#ledger} WHERE ${IN_RANGE} AND counts`,
      rangeParameters(account, range),
    );
    return new Set(rows.map(({ asset }) => asset));
  }

  /** Coins that are neither of a fill's own, and that its fee was paid in. Reads every fill. */
  async thirdFeeCurrencies(queryable: Queryable, account: AccountRef): Promise<readonly string[]> {
    const { rows } = await queryable.query<{ asset: string }>(
      `SELECT DISTINCT fee_currency AS asset FROM ${this.#trades}
       WHERE exchange_id = $1 AND account = $2 AND fee_currency NOT IN (base, quote)
         AND fee_currency IS DISTINCT FROM settle_currency
       ORDER BY asset`,
      [account.exchange, account.account],
    );
    return rows.map(({ asset }) => asset);
  }

  /** The assets of which a transfer is not final, begun before `beforeMs`. */
  async pendingAssets(
    queryable: Queryable,
    account: AccountRef,
    beforeMs?: number,
  ): Promise<ReadonlySet<string>> {
    const { rows } = await queryable.query<{ currency: string }>(
      `SELECT DISTINCT currency FROM ${this.#transfers}
       WHERE exchange_id = $1 AND account = $2 AND status = 'pending'
         AND ($3::timestamptz IS NULL OR timestamp < $3)`,
      [account.exchange, account.account, beforeMs === undefined ? null : boundedTimestamp(beforeMs)],
    );
    return new Set(rows.map(({ currency }) => currency));
  }

  /**
   * Every row of the accounts' histories in the order of time, in batches; of one millisecond transfers, ledger rows
   * and trades in this order, each by their ids. Only a batch of each table and account is in memory.
   */
  events(
    queryable: Queryable,
    accounts: readonly AccountRef[],
    options: StreamOptions = {},
  ): AsyncGenerator<readonly HistoryEvent[]> {
    const streams = this.#sources.flatMap((source) =>
      accounts.map((account) => source(queryable, account, options)),
    );
    return mergeByTime(streams, ({ record }) => record.timestampMs);
  }

  /** By what ledger rows refer to: a transfer that counts from the ledger has its transaction elsewhere. */
  async #transactionIds(
    queryable: Queryable,
    { exchange, account }: AccountRef,
    rows: readonly { readonly record: HistoryRecords['ledger'] }[],
  ): Promise<ReadonlyMap<string, string>> {
    const references = rows.flatMap(({ record }) => transferOf(record) ?? []);
    if (references.length === 0) return new Map();
    const found = await queryable.query<{ id: string; transaction_id: string }>(
      `SELECT id, transaction_id FROM ${this.#transfers}
        WHERE exchange_id = $1 AND account = $2 AND id = ANY($3) AND transaction_id IS NOT NULL`,
      [exchange, account, references],
    );
    return new Map(found.rows.map((row) => [row.id, row.transaction_id]));
  }
}

/** The transfer that a ledger row counts. */
function transferOf({ counts, kind, reference }: HistoryRecords['ledger']): string | undefined {
  return counts && kind === 'transfer' ? reference : undefined;
}

const SUMS = `
  trim_scale(coalesce(sum(amount) FILTER (WHERE kind = 'fill'), 0)) AS fills,
  trim_scale(coalesce(-sum(amount) FILTER (WHERE kind = 'fee'), 0)) AS fees,
  trim_scale(coalesce(sum(amount) FILTER (WHERE kind = 'transfer'), 0)) AS transfers,
  trim_scale(coalesce(sum(amount) FILTER (WHERE kind = 'ledger'), 0)) AS ledger`;

const BUCKET = 'width_bucket(timestamp, $6::timestamptz[])';

const IN_RANGE = 'exchange_id = $1 AND account = $2 AND timestamp >= $3 AND timestamp < $4';

function rangeParameters(account: AccountRef, { fromMs, toMs }: TimeRange): readonly string[] {
  return [account.exchange, account.account, boundedTimestamp(fromMs), boundedTimestamp(toMs)];
}

/** Where windows begin and end within the range, in order. */
function edgesOf(windows: readonly FlowWindow[], { fromMs, toMs }: TimeRange): readonly number[] {
  const edges = windows.flatMap((window) => [window.fromMs, window.toMs]);
  return [...new Set(edges.filter((edge) => edge >= fromMs && edge < toMs))].sort(
    (left, right) => left - right,
  );
}
