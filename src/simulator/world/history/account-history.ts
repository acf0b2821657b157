import type { MarketKind } from '../market.js';
import type { BulkLists } from './bulk/bulk-lists.js';
import type { Fill, FundingPayment } from './fill.js';
import { MergedRows } from './merged-rows.js';
import { type Place, type RowList, Timeline } from './row-list.js';
import type { StatementEntry } from './statement.js';
import type { Conversion, Transfer } from './transfer.js';

/** Everything that happened in one account, in lists that are ordered by time. */
export class AccountHistory {
  readonly #fills = new Map<MarketKind, Timeline<Fill>>();
  readonly #funding = new Map<MarketKind, Timeline<FundingPayment>>();
  readonly #statements = new Map<string, Timeline<StatementEntry>>();
  readonly #conversions = new Timeline<Conversion>();
  readonly #transfers = new Map<Transfer['kind'], Timeline<Transfer>>();
  #bulk: { readonly wallet: string; readonly lists: BulkLists } | undefined;
  #seq = 0;

  /** How many rows there are of each kind. */
  counts(): { fills: number; transfers: number; ledger: number } {
    const bulk = this.#bulk?.lists.counts() ?? { fills: 0, ledger: 0 };
    return {
      fills: total(this.#fills.values()) + bulk.fills,
      transfers: total(this.#transfers.values()),
      ledger: total(this.#statements.values()) + bulk.ledger,
    };
  }

  /** The number of the next row. */
  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  fills(kind: MarketKind): RowList<Fill> {
    return withBulk(this.#bulk?.lists.fills(kind), listOf(this.#fills, kind));
  }

  funding(kind: MarketKind): RowList<FundingPayment> {
    return withBulk(this.#bulk?.lists.funding(kind), listOf(this.#funding, kind));
  }

  /** Of one wallet. */
  statement(wallet: string): RowList<StatementEntry> {
    const bulk = this.#bulk?.wallet === wallet ? this.#bulk.lists.statement() : undefined;
    return withBulk(bulk, listOf(this.#statements, wallet));
  }

  /** Very many rows, which are not kept one by one. */
  addBulk(wallet: string, lists: BulkLists): void {
    this.#bulk = { wallet, lists };
    this.#seq = lists.endSeq;
  }

  transfers(kind: Transfer['kind']): RowList<Transfer> {
    return listOf(this.#transfers, kind);
  }

  conversions(): RowList<Conversion> {
    return this.#conversions;
  }

  addConversion(conversion: Conversion): void {
    this.#conversions.add(conversion);
  }

  addFill(fill: Fill): void {
    listOf(this.#fills, fill.market.kind).add(fill);
  }

  addFunding(payment: FundingPayment): void {
    listOf(this.#funding, payment.market.kind).add(payment);
  }

  addStatement(entry: StatementEntry): void {
    listOf(this.#statements, entry.wallet).add(entry);
  }

  addTransfer(transfer: Transfer): void {
    listOf(this.#transfers, transfer.kind).add(transfer);
  }
}

function withBulk<Row extends Place>(bulk: RowList<Row> | undefined, list: RowList<Row>): RowList<Row> {
  return bulk === undefined ? list : new MergedRows(bulk, list);
}

function total(lists: Iterable<{ readonly length: number }>): number {
  let count = 0;
  for (const { length } of lists) count += length;
  return count;
}

function listOf<Key, Row extends Fill | FundingPayment | StatementEntry | Transfer>(
  lists: Map<Key, Timeline<Row>>,
  key: Key,
): Timeline<Row> {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list = new Timeline<Row>();
  lists.set(key, list);
  return list;
}
