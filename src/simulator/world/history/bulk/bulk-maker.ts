import type { DecimalString } from '../../../../domain/decimal-string.js';
import type { Market } from '../../market.js';
import type { Random } from '../../random.js';
import { BulkBalances } from './bulk-balances.js';
import { type BulkColumns, IS_FUNDING, IS_MAKER, IS_REBATED, PAYS_IN_COIN, SELLS } from './bulk-columns.js';
import { abs, BulkPosition } from './bulk-position.js';
import { cut, toScaled } from './scaled.js';

export interface BulkOptions {
  readonly fills: number;
  readonly random: Random;
  readonly markets: readonly Market[];
  readonly feeCoin: string;
  /** What the wallet holds before the first of them. */
  readonly balances: ReadonlyMap<string, DecimalString>;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface BulkHistory {
  readonly columns: BulkColumns;
  /** What is held at the end. */
  readonly positions: readonly BulkPosition[];
  readonly balances: BulkBalances;
}

/** A funding payment after so many fills, where something is held. */
const FILLS_PER_FUNDING = 12;

/** Nobody trades for so long, so many times. */
const QUIET_MS = 5 * 24 * 60 * 60_000;
const QUIET_TIMES = 4;

/** What a fill is worth at most, in billionths of the quote currency's units: small, so that the money lasts. */
const MOST_VALUE: Readonly<Record<string, bigint>> = { BTC: 500_000n, USDT: 60_000_000_000n };
const USUAL_VALUE = 60_000_000_000n;

/** A position that is so many of its usual fills is only made smaller. */
const MOST_FILLS_HELD = 12n;

/** Of a million. */
const FEE_RATES = { spot: 1_000n, coin: 750n, contract: 550n, rebate: -50n } as const;

/** Units of the third coin for a unit of the quote currency: 3/2. */
const COIN_VALUE = { times: 3n, by: 2n } as const;

/** What a market is traded with, in whole numbers. */
interface Desk {
  readonly market: Market;
  readonly index: number;
  /** Billionths of the quote currency, per tick of the price and step of the amount. */
  readonly unit: bigint;
  /** Billionths of the base currency, or of contracts, per step. */
  readonly step: bigint;
  readonly firstPrice: number;
  readonly position: BulkPosition | undefined;
  /** In ticks. */
  price: number;
}

/** Makes a big history: the same seed gives the same one. Whole numbers only. */
export function makeBulk(options: BulkOptions): BulkHistory {
  return new BulkMaker(options).make();
}

class BulkMaker {
  readonly #options: BulkOptions;
  readonly #desks: readonly Desk[];
  readonly #balances: BulkBalances;
  readonly #columns: BulkColumns;
  /** Each fill has a time of its own, of which its millisecond is one. */
  readonly #slotMs: number;
  #nowMs: number;
  #event = 0;
  #row = 0;

  constructor(options: BulkOptions) {
    const { fills, markets, balances, feeCoin, fromMs, toMs } = options;
    this.#options = options;
    this.#balances = new BulkBalances(balances);
    this.#desks = markets.map(deskOf);
    this.#nowMs = fromMs;
    const most = fills + Math.ceil(fills / FILLS_PER_FUNDING);
    const busyMs = toMs - fromMs - QUIET_TIMES * QUIET_MS;
    if (busyMs <= 0) throw new RangeError('a big history needs more time than its quiet times');
    this.#slotMs = Math.floor(busyMs / fills);
    if (this.#slotMs < 1) throw new RangeError('there are more fills than milliseconds');
    this.#columns = columnsFor(most, markets, feeCoin);
  }

  make(): BulkHistory {
    const { fills } = this.#options;
    const quietEvery = Math.ceil(fills / (QUIET_TIMES + 1));
    for (let fill = 0; fill < fills; fill += 1) {
      this.#tick(fill, Math.floor(fill / quietEvery));
      this.#fill();
      if ((fill + 1) % FILLS_PER_FUNDING === 0) this.#fund();
    }
    return {
      columns: shortened(this.#columns, this.#event, this.#row),
      positions: this.#desks.flatMap(({ position }) => position ?? []),
      balances: this.#balances,
    };
  }

  /** Several may share a millisecond. */
  #tick(fill: number, quietTimes: number): void {
    const { random, fromMs } = this.#options;
    if (fill > 0 && random.between(0, 15) === 0) return;
    this.#nowMs = fromMs + fill * this.#slotMs + random.between(0, this.#slotMs - 1) + quietTimes * QUIET_MS;
  }

  #fill(): void {
    const { random } = this.#options;
    const desk = this.#desks[random.between(0, this.#desks.length - 1)];
    if (desk === undefined) throw new RangeError('a big history needs a market');
    // Prices wander, and come back before they are far from where they began.
    const moved = desk.price + Math.trunc((desk.price * random.between(-40, 40)) / 10_000);
    const isFar = moved * 10 > desk.firstPrice * 13 || moved * 10 < desk.firstPrice * 8;
    desk.price = isFar || moved === desk.price ? desk.price : moved;
    if (isFar) desk.price += desk.price > desk.firstPrice ? -1 : 1;
    if (desk.position === undefined) this.#fillSpot(desk);
    else this.#fillContract(desk, desk.position);
  }

  #fillSpot({ market, index, price, unit, step }: Desk): void {
    const { random, feeCoin } = this.#options;
    const { base, quote } = market;
    const most = (MOST_VALUE[quote] ?? USUAL_VALUE) / (unit * BigInt(price));
    const steps = BigInt(random.between(1, Math.max(1, Number(most))));
    const amount = steps * step;
    const value = steps * BigInt(price) * unit;
    const canSell = this.#balances.of(base) >= amount;
    const sells = canSell && (this.#balances.of(quote) < 20n * value || random.between(0, 1) === 0);
    const isMaker = random.between(0, 1) === 0;
    const inCoin = cut((value * FEE_RATES.coin * COIN_VALUE.times) / COIN_VALUE.by / 1_000_000n);
    const paysInCoin =
      quote === 'USDT' && base !== feeCoin && isMaker && this.#balances.of(feeCoin) > 2n * inCoin;
    const own = cut(((sells ? value : amount) * FEE_RATES.spot) / 1_000_000n);
    const fee = paysInCoin ? inCoin : own;
    const flags = (sells ? SELLS : 0) | (isMaker ? IS_MAKER : 0) | (paysInCoin ? PAYS_IN_COIN : 0);
    this.#begin({ index, flags, price, steps, fee, profit: 0n });
    // In the order of the statement's rows: base, quote, third coin.
    this.#book(base, sells ? -amount : amount, paysInCoin || sells ? 0n : fee);
    this.#book(quote, sells ? value : -value, !paysInCoin && sells ? fee : 0n);
    if (paysInCoin) this.#book(feeCoin, 0n, fee);
    this.#event += 1;
  }

  #fillContract({ market, index, price, unit }: Desk, position: BulkPosition): void {
    const { random } = this.#options;
    const isInverse = market.kind === 'inverse';
    const one = isInverse ? 1_000_000_000n : unit * BigInt(price);
    const most = USUAL_VALUE / one;
    const usual = most < 1n ? 1n : most;
    let steps = BigInt(random.between(1, Number(usual)));
    const before = position.steps;
    const isFull = abs(before) > MOST_FILLS_HELD * usual;
    let sells = isFull ? before > 0n : random.between(0, 1) === 0;
    // Now and then everything is closed.
    if (before !== 0n && random.between(0, 9) === 0) {
      sells = before > 0n;
      steps = abs(before);
    }
    const value = position.value(steps, BigInt(price));
    const isRebated = random.between(0, 9) === 0;
    const fee = cut((value * (isRebated ? FEE_RATES.rebate : FEE_RATES.contract)) / 1_000_000n);
    const profit = position.fill(sells ? -steps : steps, BigInt(price), this.#nowMs);
    const flags = (sells ? SELLS : 0) | (isRebated ? IS_MAKER | IS_REBATED : 0);
    this.#begin({ index, flags, price, steps, fee, profit, before, after: position.steps });
    this.#book(market.settle ?? market.quote, profit, fee);
    this.#event += 1;
  }

  /** Of one position; longs pay. */
  #fund(): void {
    const { random } = this.#options;
    const held = random.pick(this.#desks.filter(({ position }) => (position?.steps ?? 0n) !== 0n));
    if (held?.position === undefined) return;
    const { market, index, price, position } = held;
    const steps = abs(position.steps);
    const due = cut(position.value(steps, BigInt(price)) / 10_000n);
    const isLong = position.steps > 0n;
    const flags = IS_FUNDING | (isLong ? 0 : SELLS);
    const { steps: size } = position;
    const profit = isLong ? -due : due;
    this.#begin({ index, flags, price, steps, fee: 0n, profit, before: size, after: size });
    this.#book(market.settle ?? market.quote, profit, 0n);
    this.#event += 1;
  }

  #begin(event: {
    readonly index: number;
    readonly flags: number;
    readonly price: number;
    readonly steps: bigint;
    readonly fee: bigint;
    readonly profit: bigint;
    readonly before?: bigint;
    readonly after?: bigint;
  }): void {
    const columns = this.#columns;
    const at = this.#event;
    columns.timestampMs[at] = this.#nowMs;
    columns.market[at] = event.index;
    columns.flags[at] = event.flags;
    columns.price[at] = event.price;
    columns.amount[at] = Number(event.steps);
    columns.fee[at] = event.fee;
    columns.profit[at] = event.profit;
    columns.sizeBefore[at] = Number(event.before ?? 0n);
    columns.sizeAfter[at] = Number(event.after ?? 0n);
    columns.firstRow[at] = this.#row;
  }

  #book(asset: string, flow: bigint, fee: bigint): void {
    this.#columns.balanceAfter[this.#row] = this.#balances.change(asset, flow, fee);
    this.#row += 1;
  }
}

function deskOf(market: Market, index: number): Desk {
  const tick = toScaled(market.tickSize);
  const step = toScaled(market.qtyStep);
  const unit = (tick * step) / 1_000_000_000n;
  if (unit * 1_000_000_000n !== tick * step) throw new RangeError(`${market.symbol} is too fine`);
  const price = Number(toScaled(market.prices.mark) / tick);
  const position = market.kind === 'spot' ? undefined : new BulkPosition(market);
  return { market, index, unit, step, price, firstPrice: price, position };
}

function columnsFor(length: number, markets: readonly Market[], feeCoin: string): BulkColumns {
  return {
    markets,
    feeCoin,
    length,
    timestampMs: new Float64Array(length),
    market: new Uint8Array(length),
    flags: new Uint8Array(length),
    price: new Int32Array(length),
    amount: new Int32Array(length),
    fee: new BigInt64Array(length),
    profit: new BigInt64Array(length),
    sizeBefore: new Int32Array(length),
    sizeAfter: new Int32Array(length),
    firstRow: new Uint32Array(length + 1),
    // A spot fill changes three assets at most.
    balanceAfter: new BigInt64Array(3 * length),
  };
}

function shortened(columns: BulkColumns, length: number, rows: number): BulkColumns {
  columns.firstRow[length] = rows;
  return { ...columns, length, balanceAfter: columns.balanceAfter.slice(0, rows) };
}
