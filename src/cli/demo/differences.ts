import type { DecimalString } from '../../domain/decimal-string.js';
import type { Mirror } from '../../domain/mirror.js';
import { compare } from '../../ledger/decimal.js';
import type { AccountTruth, Truth } from '../../simulator/truth.js';

/** Where the database says something else than the exchanges. `null`: has no such row or value. */
export interface Difference {
  /** `bybit/main balance UNIFIED BTC`. */
  readonly row: string;
  readonly field: string;
  readonly truth: string | null;
  readonly mirror: string | null;
}

/** A row under the name that both sides give it; amounts are compared as numbers, everything else as text. */
interface NamedRow {
  readonly name: string;
  readonly amounts: Readonly<Record<string, DecimalString | null | undefined>>;
  readonly texts: Readonly<Record<string, string | null | undefined>>;
}

/**
 * Compares every balance, open position, open order and current price with the truth, to the last digit.
 * Fields that the truth leaves out, and margin modes, which bybit's positions do not tell, are not compared; rows that the key may not read are not expected.
 */
export function findDifferences(mirror: Mirror, truth: Truth): readonly Difference[] {
  return differencesOf(expectedRows(truth), mirroredRows(mirror));
}

function expectedRows({ exchanges }: Truth): readonly NamedRow[] {
  return Object.entries(exchanges).flatMap(([exchange, { accounts, prices }]) => [
    ...Object.entries(accounts).flatMap(([account, truth]) => expectedOf(`${exchange}/${account}`, truth)),
    ...prices.map(({ base, quote, price, source }) => ({
      name: `${exchange} price ${base}/${quote}`,
      amounts: { price },
      texts: { source },
    })),
  ]);
}

function expectedOf(account: string, truth: AccountTruth): readonly NamedRow[] {
  const readable = truth.balances.filter(({ wallet }) => !truth.unreadableWallets.includes(wallet));
  return [
    // What was never held and what was sold out are the same: zero.
    ...readable.filter(({ total }) => compare(total, '0') !== 0).map((row) => balance(account, row)),
    ...truth.positions.map((row) => position(account, row)),
    ...truth.openOrders.map((row) => order(account, row)),
  ];
}

function mirroredRows({ balances, positions, orders, prices }: Mirror): readonly NamedRow[] {
  return [
    ...balances
      .filter(({ total }) => compare(total, '0') !== 0)
      .map((row) => balance(`${row.exchange}/${row.account}`, row)),
    ...positions.map((row) => position(`${row.exchange}/${row.account}`, row)),
    ...orders.map((row) => order(`${row.exchange}/${row.account}`, row)),
    ...prices.map(({ exchange, base, quote, price, source }) => ({
      name: `${exchange} price ${base}/${quote}`,
      amounts: { price },
      texts: { source },
    })),
  ];
}

type Amount = DecimalString | null | undefined;
type Text = string | null | undefined;

interface BalanceLike {
  readonly wallet: string;
  readonly currency: string;
  readonly available: Amount;
  readonly locked: Amount;
  readonly total: Amount;
}

function balance(account: string, row: BalanceLike): NamedRow {
  const { wallet, currency, available, locked, total } = row;
  const name = `${account} balance ${wallet} ${currency}`;
  return { name, amounts: { available, locked, total }, texts: {} };
}

interface PositionLike {
  readonly symbol: string;
  readonly side: string;
  readonly quantity: Amount;
  readonly contracts: Amount;
  readonly entryPrice: Amount;
  readonly markPrice: Amount;
  readonly unrealizedPnl: Amount;
  readonly leverage: Amount;
  readonly liquidationPrice: Amount;
  readonly settleCurrency: Text;
}

function position(account: string, row: PositionLike): NamedRow {
  const { symbol, side, settleCurrency, ...rest } = row;
  const { quantity, contracts, entryPrice, markPrice, unrealizedPnl, leverage, liquidationPrice } = rest;
  return {
    name: `${account} position ${symbol} ${side}`,
    amounts: { quantity, contracts, entryPrice, markPrice, unrealizedPnl, leverage, liquidationPrice },
    texts: { settleCurrency },
  };
}

interface OrderLike {
  readonly symbol: string;
  readonly orderId: string;
  readonly orderType: Text;
  readonly side: Text;
  readonly price: Amount;
  readonly triggerPrice: Amount;
  readonly average: Amount;
  readonly amount: Amount;
  readonly filled: Amount;
  readonly remaining: Amount;
  readonly status: string;
  readonly rawStatus: Text;
}

function order(account: string, row: OrderLike): NamedRow {
  const { symbol, orderId, orderType, side, status, rawStatus } = row;
  const { price, triggerPrice, average, amount, filled, remaining } = row;
  return {
    name: `${account} order ${symbol} ${orderId}`,
    amounts: { price, triggerPrice, average, amount, filled, remaining },
    texts: { orderType, side, status, rawStatus },
  };
}

function differencesOf(expected: readonly NamedRow[], mirrored: readonly NamedRow[]): readonly Difference[] {
  const found = new Map(mirrored.map((row) => [row.name, row]));
  const wanted = new Set(expected.map(({ name }) => name));
  const differences = expected.flatMap((row) => {
    const twin = found.get(row.name);
    if (twin === undefined) return [{ row: row.name, field: 'row', truth: 'is there', mirror: null }];
    return fieldDifferences(row, twin);
  });
  const invented = mirrored.filter(({ name }) => !wanted.has(name));
  return [
    ...differences,
    ...invented.map(({ name }) => ({ row: name, field: 'row', truth: null, mirror: 'is there' })),
  ];
}

function fieldDifferences(truth: NamedRow, mirror: NamedRow): readonly Difference[] {
  const differ = (field: string, expected: Text, actual: Text, same: (a: string, b: string) => boolean) => {
    if (expected === undefined || expected === null) return [];
    if (actual !== undefined && actual !== null && same(expected, actual)) return [];
    return [{ row: truth.name, field, truth: expected, mirror: actual ?? null }];
  };
  return [
    ...Object.entries(truth.amounts).flatMap(([field, amount]) =>
      differ(field, amount, mirror.amounts[field], (a, b) => compare(a, b) === 0),
    ),
    ...Object.entries(truth.texts).flatMap(([field, text]) =>
      differ(field, text, mirror.texts[field], (a, b) => a === b),
    ),
  ];
}
