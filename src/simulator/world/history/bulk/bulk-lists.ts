import { decimalsOf, padded } from '../../amounts.js';
import type { Market, MarketKind } from '../../market.js';
import type { Fill, FundingPayment } from '../fill.js';
import type { Place, RowList } from '../row-list.js';
import type { StatementEntry } from '../statement.js';
import { type BulkColumns, IS_FUNDING, IS_MAKER, IS_REBATED, PAYS_IN_COIN, SELLS } from './bulk-columns.js';
import { fromScaled, toScaled } from './scaled.js';

/** An event has this many numbers: its own, and one for each row of the statement. */
const NUMBERS_PER_EVENT = 4;

export interface BulkNames {
  /** Tells the identifiers of one history from those of another. */
  readonly salt: number;
  readonly wallet: string;
  readonly firstSeq: number;
  readonly statementId: (seq: number) => string;
}

/** Reads events out of the columns; a row is made when somebody asks for it. */
export class BulkLists {
  readonly #columns: BulkColumns;
  readonly #names: BulkNames;
  readonly #fills = new Map<MarketKind, Uint32Array>();
  readonly #funding = new Map<MarketKind, Uint32Array>();
  /** The event of each row of the statement. */
  readonly #rowEvents: Uint32Array;
  /** Of each market, in billionths. */
  readonly #ticks: readonly bigint[];
  readonly #lots: readonly bigint[];

  constructor(columns: BulkColumns, names: BulkNames) {
    this.#columns = columns;
    this.#names = names;
    this.#ticks = columns.markets.map(({ tickSize }) => toScaled(tickSize));
    this.#lots = columns.markets.map(({ qtyStep }) => toScaled(qtyStep));
    for (const kind of new Set(columns.markets.map((market) => market.kind))) {
      this.#fills.set(kind, this.#eventsOf(kind, 0));
      this.#funding.set(kind, this.#eventsOf(kind, IS_FUNDING));
    }
    this.#rowEvents = new Uint32Array(columns.balanceAfter.length);
    for (let event = 0; event < columns.length; event += 1) {
      this.#rowEvents.fill(event, this.#number('firstRow', event), this.#number('firstRow', event + 1));
    }
  }

  /** The number after the last one. */
  get endSeq(): number {
    return this.#names.firstSeq + this.#columns.length * NUMBERS_PER_EVENT;
  }

  counts(): { fills: number; ledger: number } {
    let fills = 0;
    for (const { length } of this.#fills.values()) fills += length;
    return { fills, ledger: this.#rowEvents.length };
  }

  fills(kind: MarketKind): RowList<Fill> {
    return this.#list(this.#fills.get(kind) ?? new Uint32Array(), (event) => this.#fill(event));
  }

  funding(kind: MarketKind): RowList<FundingPayment> {
    return this.#list(this.#funding.get(kind) ?? new Uint32Array(), (event) => this.#payment(event));
  }

  statement(): RowList<StatementEntry> {
    const rows = this.#rowEvents;
    return {
      length: rows.length,
      at: (row) => this.#entry(row),
      placeAt: (row) => this.#rowPlace(row),
    };
  }

  #list<Row extends Place>(events: Uint32Array, make: (event: number) => Row): RowList<Row> {
    const eventAt = (index: number) => {
      const event = events[index];
      if (event === undefined) throw new RangeError(`there is no row ${index} of ${events.length}`);
      return event;
    };
    return {
      length: events.length,
      at: (index) => make(eventAt(index)),
      placeAt: (index) => this.#place(eventAt(index)),
    };
  }

  #eventsOf(kind: MarketKind, funding: number): Uint32Array {
    const { length, markets, market, flags } = this.#columns;
    const found = new Uint32Array(length);
    let count = 0;
    for (let event = 0; event < length; event += 1) {
      const isOfKind = markets[market[event] ?? 0]?.kind === kind;
      if (!isOfKind || ((flags[event] ?? 0) & IS_FUNDING) !== funding) continue;
      found[count] = event;
      count += 1;
    }
    return found.slice(0, count);
  }

  #number(
    column: 'timestampMs' | 'price' | 'amount' | 'sizeBefore' | 'sizeAfter' | 'firstRow',
    at: number,
  ): number {
    const value = this.#columns[column][at];
    if (value === undefined) throw new RangeError(`there is no entry ${at} of ${column}`);
    return value;
  }

  #big(column: 'fee' | 'profit' | 'balanceAfter', at: number): bigint {
    const value = this.#columns[column][at];
    if (value === undefined) throw new RangeError(`there is no entry ${at} of ${column}`);
    return value;
  }

  #has(event: number, flag: number): boolean {
    return ((this.#columns.flags[event] ?? 0) & flag) !== 0;
  }

  #market(event: number): Market {
    const market = this.#columns.markets[this.#columns.market[event] ?? 0];
    if (market === undefined) throw new RangeError(`there is no market of event ${event}`);
    return market;
  }

  #place(event: number): Place {
    const seq = this.#names.firstSeq + event * NUMBERS_PER_EVENT;
    return { timestampMs: this.#number('timestampMs', event), seq };
  }

  #rowPlace(row: number): Place {
    const event = this.#rowEvents[row];
    if (event === undefined) throw new RangeError(`there is no row ${row} of ${this.#rowEvents.length}`);
    const { timestampMs, seq } = this.#place(event);
    return { timestampMs, seq: seq + 1 + row - this.#number('firstRow', event) };
  }

  #steps(event: number, column: 'amount' | 'sizeBefore' | 'sizeAfter'): bigint {
    return BigInt(this.#number(column, event)) * (this.#lots[this.#columns.market[event] ?? 0] ?? 0n);
  }

  #price(event: number): string {
    return padded(fromScaled(this.#scaledPrice(event)), decimalsOf(this.#market(event).tickSize));
  }

  #scaledPrice(event: number): bigint {
    return BigInt(this.#number('price', event)) * (this.#ticks[this.#columns.market[event] ?? 0] ?? 0n);
  }

  /** In billionths. */
  #value(event: number): bigint {
    const { kind } = this.#market(event);
    const price = this.#scaledPrice(event);
    const amount = this.#steps(event, 'amount');
    if (kind === 'inverse') return ((amount * 1_000_000_000n) / price / 10n) * 10n;
    const value = (amount * price) / 1_000_000_000n;
    return kind === 'spot' ? value : (value / 10n) * 10n;
  }

  #fill(event: number): Fill {
    const market = this.#market(event);
    const isSpot = market.kind === 'spot';
    const sells = this.#has(event, SELLS);
    const isMaker = this.#has(event, IS_MAKER);
    const amount = fromScaled(this.#steps(event, 'amount'));
    const price = this.#price(event);
    const before = this.#steps(event, 'sizeBefore');
    const after = this.#steps(event, 'sizeAfter');
    const { timestampMs, seq } = this.#place(event);
    return {
      timestampMs,
      seq,
      id: this.#uuid(event, 1),
      market,
      side: sells ? 'sell' : 'buy',
      kind: 'trade',
      price,
      amount,
      value: fromScaled(this.#value(event)),
      fee: fromScaled(this.#big('fee', event)),
      feeAsset: this.#feeAsset(event),
      feeRate: this.#feeRate(event),
      role: isMaker ? 'maker' : 'taker',
      realizedPnl: isSpot ? undefined : fromScaled(this.#big('profit', event)),
      closed: isSpot ? '0' : fromScaled(closedOf(before, after)),
      sizeAfter: isSpot ? undefined : fromScaled(after),
      positionSide: undefined,
      orderId: isSpot ? this.#orderNumber(event) : this.#uuid(event, 2),
      orderType: isMaker ? 'limit' : 'market',
      orderPrice: isMaker ? price : undefined,
      orderAmount: amount,
      leaves: '0',
    };
  }

  #payment(event: number): FundingPayment {
    const sells = this.#has(event, SELLS);
    return {
      ...this.#place(event),
      id: this.#uuid(event, 1),
      fundingOrderId: this.#orderNumber(event),
      market: this.#market(event),
      positionSide: sells ? 'short' : 'long',
      size: fromScaled(this.#steps(event, 'amount')),
      price: this.#price(event),
      value: fromScaled(this.#value(event)),
      rate: '0.0001',
      amount: fromScaled(this.#big('profit', event)),
    };
  }

  #entry(row: number): StatementEntry {
    const { timestampMs, seq } = this.#rowPlace(row);
    const event = this.#rowEvents[row] ?? 0;
    const isFunding = this.#has(event, IS_FUNDING);
    const { asset, flow, fee } = this.#change(event, row - this.#number('firstRow', event));
    return {
      timestampMs,
      seq,
      id: this.#names.statementId(seq),
      wallet: this.#names.wallet,
      asset,
      kind: isFunding ? 'funding' : 'trade',
      flow: fromScaled(flow),
      fee: fromScaled(fee),
      change: fromScaled(flow - fee),
      balanceAfter: fromScaled(this.#big('balanceAfter', row)),
      subject: isFunding ? { funding: this.#payment(event) } : { fill: this.#fill(event) },
    };
  }

  /** Of the event's rows the one at `index`: base, quote, third coin; or the settle currency alone. */
  #change(event: number, index: number): { asset: string; flow: bigint; fee: bigint } {
    const { kind, base, quote, settle } = this.#market(event);
    const feeAsset = this.#feeAsset(event);
    const fee = this.#big('fee', event);
    if (kind !== 'spot') return { asset: settle ?? quote, flow: this.#big('profit', event), fee };
    const sign = this.#has(event, SELLS) ? -1n : 1n;
    const asset = [base, quote][index] ?? feeAsset;
    const flows = [sign * this.#steps(event, 'amount'), -sign * this.#value(event), 0n];
    return { asset, flow: flows[index] ?? 0n, fee: asset === feeAsset ? fee : 0n };
  }

  #feeAsset(event: number): string {
    const { base, quote, settle } = this.#market(event);
    if (this.#has(event, PAYS_IN_COIN)) return this.#columns.feeCoin;
    return settle ?? (this.#has(event, SELLS) ? quote : base);
  }

  #feeRate(event: number): string {
    if (this.#market(event).kind === 'spot') return this.#has(event, PAYS_IN_COIN) ? '0.00075' : '0.001';
    return this.#has(event, IS_REBATED) ? '-0.00005' : '0.00055';
  }

  #orderNumber(event: number): string {
    return String(1_900_000_000_000_000_000n + BigInt(event) * 1_009n);
  }

  /** Different for every event: its last digits are the event's number. */
  #uuid(event: number, purpose: number): string {
    const first = hex(scramble(event + 1, this.#names.salt + purpose));
    const second = hex(scramble(event + 1, this.#names.salt ^ (purpose * 7919)));
    const last = event.toString(16).padStart(12, '0');
    return `${first}-${second.slice(0, 4)}-4${second.slice(4, 7)}-a${first.slice(0, 3)}-${last}`;
  }
}

function closedOf(before: bigint, after: bigint): bigint {
  const [old, now] = [before < 0n ? -before : before, after < 0n ? -after : after];
  if (before > 0n !== after > 0n && before !== 0n && after !== 0n) return old;
  return old > now ? old - now : 0n;
}

/** A number of 32 bits that looks like any other. */
function scramble(value: number, salt: number): number {
  let mixed = Math.imul(value ^ salt, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca77);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae3d);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
