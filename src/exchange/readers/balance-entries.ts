import type { DecimalString } from '../../domain/decimal-string.js';
import { add, isZero, subtract } from '../../ledger/decimal.js';
import type { CcxtExchange } from '../exchange-session.js';
import type { BalanceRows, BalanceScopeProfile } from '../profiles/profile.js';
import { type AnswerOrigin, asDictionary, badResponse, type Dictionary, isDictionary } from './answer.js';
import type { BalanceCandidate } from './balance-row.js';
import { withoutProfit } from './contained-profit.js';
import { currencyCode, holdingOf } from './holding.js';
import { decimalOrUnknown } from './row-fields.js';

/** What one balance is said to be, before it is checked. */
export interface BalanceEntry {
  readonly wallet: string;
  readonly candidate: BalanceCandidate;
}

/** What ccxt's balance holds beside the currencies. */
const NOT_A_CURRENCY = new Set(['info', 'timestamp', 'datetime', 'free', 'used', 'total', 'debt']);

/** One entry per currency; with the exchange's own rows known, one per such row. */
export function balanceEntries(
  balance: Dictionary,
  { wallet, rows: layout }: BalanceScopeProfile,
  ccxt: CcxtExchange,
  origin: AnswerOrigin,
): BalanceEntry[] {
  if (layout === undefined) {
    return Object.entries(balance)
      .filter(([currency]) => !NOT_A_CURRENCY.has(currency))
      .map(([currency, entry]) => ({ wallet, candidate: unifiedFields(currency, entry) }));
  }
  const rows = exchangeRows(balance.info, layout, origin);
  const merged = mergedCodes(rows.map(([exchangeCode]) => currencyCode(ccxt, exchangeCode)));
  return rows
    .map(([exchangeCode, row]) => entryOf(exchangeCode, row, { wallet, layout, balance, merged, ccxt }))
    .filter((entry) => entry !== undefined);
}

/** Codes of several rows, e.g. `BTC` of `BTC` and `XBT`: ccxt's balance has the last of them only. */
function mergedCodes(codes: readonly string[]): ReadonlySet<string> {
  return new Set(codes.filter((code, index) => codes.indexOf(code) !== index));
}

interface Surroundings {
  readonly wallet: string;
  readonly layout: BalanceRows;
  readonly balance: Dictionary;
  readonly merged: ReadonlySet<string>;
  readonly ccxt: CcxtExchange;
}

function entryOf(
  exchangeCode: unknown,
  row: Dictionary,
  { wallet, layout, balance, merged, ccxt }: Surroundings,
): BalanceEntry | undefined {
  const code = currencyCode(ccxt, exchangeCode);
  const fields = unifiedFields(code, merged.has(code) ? undefined : balance[code]);
  const said = totalOf(row, layout, fields.total);
  // ccxt leaves out what the account never held; binance lists every currency it has.
  if (balance[code] === undefined && isZeroAmount(said)) return undefined;
  const total = withoutProfit(row, layout.profit, said);
  const borrowed = layout.borrowedField === undefined ? undefined : row[layout.borrowedField];
  const holding = holdingOf(exchangeCode, layout.holdings, ccxt);
  if (holding === undefined) {
    return { wallet, candidate: { ...fields, ...availability(row, layout, fields, total), total, borrowed } };
  }
  // The exchange tells what is free of the currency itself only.
  const candidate = { currency: holding.currency, available: undefined, locked: undefined, total, borrowed };
  return { wallet: `${wallet}.${holding.product}`, candidate };
}

function totalOf(row: Dictionary, { totalField }: BalanceRows, unified: unknown): unknown {
  return totalField === undefined ? unified : row[totalField];
}

function availability(
  row: Dictionary,
  { totalField, availableFields, lockedFields }: BalanceRows,
  { available, locked }: BalanceCandidate,
  total: unknown,
): Pick<BalanceCandidate, 'available' | 'locked'> {
  const held = lockedFields === undefined ? locked : firstSaid(row, lockedFields);
  if (availableFields !== undefined) return { available: firstSaid(row, availableFields), locked: held };
  // What ccxt calls available is a part of its own total.
  return { available: totalField === undefined ? available : combined(subtract, total, held), locked: held };
}

function firstSaid(row: Dictionary, fields: readonly string[]): unknown {
  return fields.map((field) => row[field]).find((value) => value !== undefined && value !== '');
}

/** Where an exchange gives only the parts, the whole is their exact sum. */
function unifiedFields(currency: string, entry: unknown): BalanceCandidate {
  const { free, used, total } = isDictionary(entry) ? entry : {};
  return {
    currency,
    available: free,
    locked: used,
    total: total ?? combined(add, free, used),
    borrowed: undefined,
  };
}

/** Undefined where one of the two is. */
function combined(
  operation: (left: DecimalString, right: DecimalString) => DecimalString,
  ...[left, right]: [unknown, unknown]
): DecimalString | undefined {
  const [first, second] = [decimalOrUnknown.safeParse(left).data, decimalOrUnknown.safeParse(right).data];
  return first === undefined || second === undefined ? undefined : operation(first, second);
}

function isZeroAmount(value: unknown): boolean {
  const amount = decimalOrUnknown.safeParse(value).data;
  return amount !== undefined && isZero(amount);
}

/** Each row with the exchange's code of its currency. */
function exchangeRows(
  info: unknown,
  { path, currencyField }: BalanceRows,
  origin: AnswerOrigin,
): [code: unknown, row: Dictionary][] {
  let level: unknown[] = [info];
  for (const key of path) {
    level = level.flat().map((member) => (isDictionary(member) ? member[key] : undefined));
  }
  // An account that holds nothing is listed, and its currencies are not.
  if (level.length === 0) throw badResponse(origin, `lists no account on the way to ${path.join('.')}`);
  if (currencyField === undefined) {
    return level.flatMap((keyed) =>
      Object.entries(asDictionary(keyed, origin)).map(([code, row]): [string, Dictionary] => [
        code,
        asDictionary(row, origin),
      ]),
    );
  }
  const lists = level.filter((list): list is unknown[] => Array.isArray(list));
  if (lists.length !== level.length) {
    throw badResponse(origin, `has no list at ${path.join('.') || 'its top'}`);
  }
  return lists.flat().map((member) => {
    const row = asDictionary(member, origin);
    return [row[currencyField], row];
  });
}
