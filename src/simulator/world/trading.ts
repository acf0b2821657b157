import type { DecimalString } from '../../domain/decimal-string.js';
import type { TradeKind } from '../../domain/history-records.js';
import { add, isNegative, isZero, multiply, negate, subtract } from '../../ledger/decimal.js';
import type { SimulatedAccount, Trade } from './account.js';
import { absolute, isPositive, truncated } from './amounts.js';
import { applyToPosition } from './apply-to-position.js';
import { conventions } from './conventions.js';
import type { Journal, Leg } from './journal.js';
import { type Order, type OrderTerms, remaining } from './order.js';
import type { OrderIds } from './order-ids.js';
import { contractValue, positionKey } from './position.js';

const FEE_RATES = { spot: '0.001', linear: '0.00055', inverse: '0.00055', option: '0.0002' } as const;

/** What is not as usual about a fill. */
export interface FillTerms {
  /** Who trades with himself has two fills of one number. */
  readonly id?: string;
  readonly price?: DecimalString;
  readonly kind?: TradeKind;
  readonly role?: 'maker' | 'taker';
  /** Negative: a rebate. */
  readonly feeRate?: DecimalString;
  /** Spot fees are taken from this coin instead of what was received. */
  readonly feeIn?: { readonly asset: string; readonly perQuoteUnit: DecimalString };
}

/** Opens, fills and cancels orders. Every fill is one event in the journal. */
export class Trading {
  readonly #journal: Journal;
  readonly #ids: OrderIds;

  constructor({ journal, ids }: { journal: Journal; ids: OrderIds }) {
    this.#journal = journal;
    this.#ids = ids;
  }

  open(account: SimulatedAccount, terms: OrderTerms, timestampMs: number): Order {
    const order: Order = {
      ...terms,
      ...this.#ids.order(terms),
      createdAtMs: timestampMs,
      state: terms.condition === undefined ? 'new' : 'untriggered',
      filled: '0',
      fillPrice: undefined,
      filledValue: '0',
      fee: '0',
      feeAsset: undefined,
      updatedAtMs: timestampMs,
    };
    account.orders.push(order);
    return order;
  }

  /** The trigger price was reached: from now on it is an order like others, or is replaced by one. */
  trigger(account: SimulatedAccount, order: Order, timestampMs: number): void {
    order.updatedAtMs = timestampMs;
    const { triggerPlacesOrder } = conventions(account.identity.exchange);
    if (!triggerPlacesOrder.includes(order.market.kind)) {
      order.state = 'new';
      return;
    }
    order.state = 'triggered';
    const { market, side, type, price, amount, reduceOnly = false, positionSide } = order;
    const hedge = positionSide === undefined ? {} : { positionSide };
    const terms = { market, side, type, price, amount, reduceOnly, ...hedge, placedBy: order.id };
    this.open(account, terms, timestampMs);
  }

  cancel(order: Order, timestampMs: number): void {
    if (order.state === 'untriggered') order.state = 'deactivated';
    else order.state = isZero(order.filled) ? 'canceled' : 'partially-filled-canceled';
    order.updatedAtMs = timestampMs;
  }

  /** Fills `amount` of the order at its own price, or at the market's when it has none. */
  fill(
    account: SimulatedAccount,
    order: Order,
    amount: DecimalString,
    timestampMs: number,
    terms: FillTerms = {},
  ): Trade {
    const { market } = order;
    const price = terms.price ?? order.fillPrice ?? order.price ?? market.prices.last ?? market.prices.mark;
    const { flows, ...settled } = this.#settle(account, order, { amount, price, timestampMs, terms });
    order.fillPrice = price;
    order.filled = add(order.filled, amount);
    order.filledValue = add(order.filledValue, settled.value);
    order.fee = add(order.fee, settled.fee);
    order.feeAsset = settled.feeAsset;
    order.state = isZero(remaining(order)) ? 'filled' : 'partially-filled';
    order.updatedAtMs = timestampMs;
    const trade: Trade = {
      id: terms.id ?? this.#ids.trade(order),
      seq: account.history.nextSeq(),
      order,
      market,
      side: order.side,
      kind: terms.kind ?? 'trade',
      amount,
      price,
      ...settled,
      role: terms.role ?? (order.type === 'limit' ? 'maker' : 'taker'),
      positionSide: order.positionSide,
      orderId: order.id,
      orderType: order.type,
      orderPrice: order.price,
      orderAmount: order.amount,
      leaves: remaining(order),
      timestampMs,
    };
    account.trades.push(trade);
    account.history.addFill(trade);
    this.#post(account, trade, flows);
    return trade;
  }

  /** What the fill changes, without its fee, and what the fee is. */
  #settle(
    account: SimulatedAccount,
    order: Order,
    fill: {
      readonly amount: DecimalString;
      readonly price: DecimalString;
      readonly timestampMs: number;
      readonly terms: FillTerms;
    },
  ): Pick<Trade, 'value' | 'fee' | 'feeAsset' | 'feeRate' | 'realizedPnl' | 'closed' | 'sizeAfter'> & {
    readonly flows: readonly Flow[];
  } {
    const { market, side } = order;
    const { amount, price, timestampMs, terms } = fill;
    const { decimals } = conventions(account.identity.exchange);
    const value = contractValue(market, amount, price);
    const feeRate = terms.feeRate ?? FEE_RATES[market.kind];
    if (market.kind === 'spot') {
      const isPurchase = side === 'buy';
      const { asset, amount: feeBase } = spotFeeBase(order, amount, value, terms);
      return {
        value,
        feeRate,
        fee: truncated(multiply(feeBase, feeRate), decimals),
        feeAsset: asset,
        realizedPnl: undefined,
        closed: '0',
        sizeAfter: undefined,
        flows: [
          [market.base, isPurchase ? amount : negate(amount)],
          [market.quote, isPurchase ? negate(value) : value],
        ],
      };
    }
    const settle = market.settle ?? market.quote;
    const sizeBefore = signedSize(account, order);
    const realized = applyToPosition(account, { order, amount, price, timestampMs });
    const sizeAfter = signedSize(account, order);
    const premium = side === 'buy' ? negate(value) : value;
    return {
      value,
      feeRate,
      fee: truncated(multiply(value, feeRate), decimals),
      feeAsset: settle,
      realizedPnl: realized,
      closed: closedSize(sizeBefore, sizeAfter),
      sizeAfter,
      flows: [[settle, market.kind === 'option' ? premium : realized]],
    };
  }

  #post(account: SimulatedAccount, trade: Trade, flows: readonly Flow[]): void {
    const { timestampMs, market, fee, feeAsset } = trade;
    const book = account.book(conventions(account.identity.exchange).wallets[market.kind]);
    const legs: Leg[] = flows.flatMap(([asset, change]) => [
      { book, asset, amount: change },
      { book: '@market', asset, amount: negate(change) },
    ]);
    legs.push(
      { book, asset: feeAsset, amount: negate(fee), isFee: true },
      { book: '@fees', asset: feeAsset, amount: fee },
    );
    const reference = { orderId: trade.orderId, tradeId: trade.id, symbol: market.symbol };
    this.#journal.post({ timestampMs, kind: 'trade', legs, reference, subject: { fill: trade } });
  }
}

type Flow = readonly [asset: string, amount: DecimalString];

/** What a spot fee is a share of: of what was received, unless it is paid in a third coin. */
function spotFeeBase(
  { market, side }: Order,
  amount: DecimalString,
  value: DecimalString,
  { feeIn }: FillTerms,
): { asset: string; amount: DecimalString } {
  if (feeIn !== undefined) return { asset: feeIn.asset, amount: multiply(value, feeIn.perQuoteUnit) };
  return side === 'buy' ? { asset: market.base, amount } : { asset: market.quote, amount: value };
}

/** Negative for a short position. */
function signedSize(account: SimulatedAccount, { market, positionSide }: Order): DecimalString {
  const position = account.positions.get(positionKey(market.symbol, positionSide));
  if (position === undefined) return '0';
  return position.side === 'long' ? position.size : negate(position.size);
}

/** How much of what was there before is closed: all of it where the position turned to the other side. */
function closedSize(before: DecimalString, after: DecimalString): DecimalString {
  if (isNegative(multiply(before, after))) return absolute(before);
  const shrunk = subtract(absolute(before), absolute(after));
  return isPositive(shrunk) ? shrunk : '0';
}
