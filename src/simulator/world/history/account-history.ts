import type { MarketKind } from '../market.js';
import type { Fill, FundingPayment } from './fill.js';
import { type RowList, Timeline } from './row-list.js';
import type { StatementEntry } from './statement.js';
import type { Conversion, Transfer } from './transfer.js';

/** Everything that happened in one account, in lists that are ordered by time. */
export class AccountHistory {
  readonly #fills = new Map<MarketKind, Timeline<Fill>>();
  readonly #funding = new Map<MarketKind, Timeline<FundingPayment>>();
  readonly #statements = new Map<string, Timeline<StatementEntry>>();
  readonly #conversions = new Timeline<Conversion>();
  readonly #transfers = new Map<Transfer['kind'], Timeline<Transfer>>();
  #seq = 0;

  /** How many rows there are of each kind. */
  counts(): { fills: number; transfers: number; ledger: number } {
    return {
      fills: total(this.#fills.values()),
      transfers: total(this.#transfers.values()),
      ledger: total(this.#statements.values()),
    };
  }

  /** The number of the next row. */
  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  fills(kind: MarketKind): RowList<Fill> {
    return listOf(this.#fills, kind);
  }

  funding(kind: MarketKind): RowList<FundingPayment> {
    return listOf(this.#funding, kind);
  }

  /** Of one wallet. */
  statement(wallet: string): RowList<StatementEntry> {
    return listOf(this.#statements, wallet);
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
