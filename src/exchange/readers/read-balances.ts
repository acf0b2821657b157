import type { DecimalString } from '../../domain/decimal-string.js';
import type { BalanceRecord } from '../../domain/records.js';
import type { ScopeRead } from '../../domain/scope-read.js';
import { add, isZero, subtract } from '../../ledger/decimal.js';
import type { ReadContext } from '../exchange-client.js';
import type { CcxtExchange } from '../exchange-session.js';
import type { BalanceRows, BalanceScopeProfile } from '../profiles/profile.js';
import { type AnswerOrigin, asDictionary, badResponse, type Dictionary, isDictionary } from './answer.js';
import { type BalanceCandidate, balanceRow } from './balance-row.js';
import type { ReaderOptions } from './reader-options.js';
import { decimalOrUnknown } from './row-fields.js';
import { RowSet } from './row-set.js';

/** What ccxt's balance holds beside the currencies. */
const NOT_A_CURRENCY = new Set(['info', 'timestamp', 'datetime', 'free', 'used', 'total', 'debt']);

/** Reads one wallet. Exchanges list what is not zero; a currency that is missing has none. */
export async function readBalances(
  { session, clock }: ReaderOptions,
  scope: BalanceScopeProfile,
  context: ReadContext,
): Promise<ScopeRead<BalanceRecord>> {
  const origin = { exchange: session.exchange, scope: scope.id, method: scope.method };
  let requestedAtMs = 0;
  const answer = await session.call({ context, scope: scope.id, method: scope.method }, (ccxt) => {
    requestedAtMs = clock.now();
    return ccxt.fetchBalance({ ...scope.params });
  });
  const balance = asDictionary(answer, origin);
  const rows = new RowSet<BalanceRecord>({ key: ({ currency }) => currency });
  for (const candidate of candidatesOf(balance, scope.rows, session.ccxt, origin)) {
    addBalance(rows, scope.wallet, candidate);
  }
  return { scope: scope.id, records: rows.records, rejected: rows.rejected, pages: 1, requestedAtMs };
}

function addBalance(rows: RowSet<BalanceRecord>, wallet: string, candidate: BalanceCandidate): void {
  const name = `balance of ${String(candidate.currency)}`;
  const row = rows.parse(name, balanceRow, candidate);
  if (row === undefined) return;
  const { borrowed, total, ...rest } = row;
  const owesNothing = borrowed === undefined || isZero(borrowed);
  rows.add(name, { wallet, ...rest, total: owesNothing ? total : subtract(total, borrowed) });
}

/** One candidate per currency; with the exchange's own rows known, one per such row. */
function candidatesOf(
  balance: Dictionary,
  layout: BalanceRows | undefined,
  ccxt: CcxtExchange,
  origin: AnswerOrigin,
): BalanceCandidate[] {
  if (layout === undefined) {
    return Object.entries(balance)
      .filter(([currency]) => !NOT_A_CURRENCY.has(currency))
      .map(([currency, entry]) => unifiedFields(currency, entry));
  }
  return exchangeRows(balance.info, layout, origin)
    .map((row) => candidateOf(row, layout, balance, ccxt))
    .filter((candidate) => candidate !== undefined);
}

function candidateOf(
  row: Dictionary,
  { currencyField, totalField, borrowedField }: BalanceRows,
  balance: Dictionary,
  ccxt: CcxtExchange,
): BalanceCandidate | undefined {
  const currency = currencyCode(ccxt, row[currencyField]);
  const fields = unifiedFields(currency, balance[currency]);
  // ccxt leaves out what the account never held; binance lists every currency it has.
  const total = totalField === undefined ? fields.total : row[totalField];
  if (balance[currency] === undefined && isZeroAmount(total)) return undefined;
  const borrowed = borrowedField === undefined ? undefined : row[borrowedField];
  if (totalField === undefined) return { ...fields, total, borrowed };
  // What ccxt calls available is a part of its own total.
  return { ...fields, total, borrowed, available: combined(subtract, total, fields.locked) };
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

function exchangeRows(info: unknown, { path }: BalanceRows, origin: AnswerOrigin): Dictionary[] {
  let level: unknown[] = [info];
  for (const key of path) {
    level = level.flat().map((member) => (isDictionary(member) ? member[key] : undefined));
  }
  const lists = level.filter((list): list is unknown[] => Array.isArray(list));
  if (lists.length !== level.length) {
    throw badResponse(origin, `has no list at ${path.join('.') || 'its top'}`);
  }
  return lists.flat().map((row) => asDictionary(row, origin));
}

function currencyCode(ccxt: CcxtExchange, exchangeCode: unknown): string {
  const safeCurrencyCode = ccxt.safeCurrencyCode as (this: CcxtExchange, code: unknown) => unknown;
  return String(safeCurrencyCode.call(ccxt, exchangeCode) ?? '');
}
