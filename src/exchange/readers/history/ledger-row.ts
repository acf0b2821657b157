import { z } from 'zod';
import type { LedgerRecord } from '../../../domain/history-records.js';
import { add, compare, isNegative, negate } from '../../../ledger/decimal.js';
import type { CcxtExchange, ExchangeSession } from '../../exchange-session.js';
import type { LedgerKindProfile, LedgerScopeProfile } from '../../profiles/history-scopes.js';
import { type Dictionary, isDictionary } from '../answer.js';
import { holdingOf } from '../holding.js';
import { rawField } from '../raw-field.js';
import { decimal, decimalOrUnknown, text, textOrUnknown } from '../row-fields.js';
import type { RowSet } from '../row-set.js';
import { listed, wordOf } from './listed-word.js';
import { marketById } from './market-by-id.js';
import type { RecordReader, TimedRow } from './page-records.js';
import { idOf } from './row-id.js';

const ledgerRow = z.object({
  id: text,
  rawKind: textOrUnknown,
  currency: text,
  amount: decimal,
  feeCost: decimalOrUnknown,
  balanceAfter: decimalOrUnknown,
  reference: textOrUnknown,
});

type LedgerRow = z.infer<typeof ledgerRow>;

export function ledgerReader(
  scope: LedgerScopeProfile,
  session: ExchangeSession,
): RecordReader<LedgerRecord> {
  return {
    nameOf: ({ fields }) => `ledger row ${String(idOf(fields, scope))}`,
    keyOf: ({ id }) => id,
    read: (row, set) => read(row, set, scope, session.ccxt),
  };
}

function read(
  { name, fields, timestampMs }: TimedRow,
  set: RowSet<LedgerRecord>,
  scope: LedgerScopeProfile,
  ccxt: CcxtExchange,
): LedgerRecord | undefined {
  const info = isDictionary(fields.info) ? fields.info : {};
  const words = [scope.kindField].flat().map((field) => String(info[field] ?? ''));
  const { kind, counts, amountField } = kindOf(words, scope);
  const row = set.parse(name, ledgerRow, {
    id: idOf(fields, scope),
    rawKind: words.join(' ').trim(),
    currency: fields.currency,
    amount: amountField === undefined ? rawField(fields, 'amount', scope.fields ?? {}) : info[amountField],
    feeCost: scope.fields?.feeCost ? rawField(fields, 'feeCost', scope.fields) : feeOf(fields),
    balanceAfter: scope.fields?.balanceAfter ? rawField(fields, 'balanceAfter', scope.fields) : undefined,
    reference: wordOf(
      scope.fields?.reference ? rawField(fields, 'reference', scope.fields) : fields.referenceId,
    ),
  });
  if (row === undefined) return undefined;
  if (!scope.fields?.feeCost && isForeignFee(fields, row)) {
    set.reject(name, 'fee: it is in another currency');
    return undefined;
  }
  return {
    ...row,
    ...placeOf(row.currency, info, scope, ccxt),
    amount: amountField === undefined ? signedAmount(row, fields, info, scope) : row.amount,
    kind,
    counts,
    symbol: symbolOf(info, scope, ccxt),
    timestampMs,
  };
}

/** In which wallet it is the currency of; its product may be said in the exchange's code. */
function placeOf(
  currency: string,
  info: Dictionary,
  { wallet, holdings }: LedgerScopeProfile,
  ccxt: CcxtExchange,
): Pick<LedgerRecord, 'currency' | 'wallet'> {
  const holding = holdings && holdingOf(info[holdings.field], holdings.names, ccxt);
  if (holding === undefined) return { currency, wallet };
  return { currency: holding.currency, wallet: `${wallet}.${holding.product}` };
}

function kindOf(
  words: readonly string[],
  { kinds, otherKind = 'other' }: LedgerScopeProfile,
): LedgerKindProfile {
  const meanings = [words.join(' '), ...[...words].reverse()].map((word) => listed(kinds, word));
  return meanings.find((profile) => profile !== undefined) ?? { kind: otherKind, counts: true };
}

/** ccxt gives amounts without sign and the direction beside them. */
function signedAmount(
  { amount, feeCost }: LedgerRow,
  { direction }: Dictionary,
  info: Dictionary,
  scope: LedgerScopeProfile,
): string {
  const isUnified = scope.fields?.amount === undefined;
  const isOut = scope.direction?.out.includes(String(info[scope.direction.field])) ?? false;
  const isPaid = scope.direction === undefined ? isUnified && direction === 'out' : isOut;
  const signed = isPaid && !isNegative(amount) ? negate(amount) : amount;
  return scope.amountIsNet === true && feeCost !== undefined ? add(signed, feeCost) : signed;
}

function symbolOf(
  info: Dictionary,
  { market, markets = {} }: LedgerScopeProfile,
  ccxt: CcxtExchange,
): string | undefined {
  if (market === undefined) return undefined;
  const filter =
    market.kindField === undefined ? markets : listed(market.kinds, String(info[market.kindField]));
  return filter && marketById(ccxt, info[market.field], filter)?.symbol;
}

function feeOf({ fee }: Dictionary): unknown {
  return isDictionary(fee) ? fee.cost : undefined;
}

function isForeignFee({ fee }: Dictionary, { currency, feeCost }: LedgerRow): boolean {
  if (!isDictionary(fee) || fee.currency === undefined || feeCost === undefined) return false;
  return fee.currency !== currency && compare(feeCost, '0') !== 0;
}
