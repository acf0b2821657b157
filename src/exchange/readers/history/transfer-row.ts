import { z } from 'zod';
import type { DecimalString } from '../../../domain/decimal-string.js';
import type { TransferRecord } from '../../../domain/history-records.js';
import { add, compare, negate, subtract } from '../../../ledger/decimal.js';
import type { TransferEnd, TransferScopeProfile } from '../../profiles/history-scopes.js';
import { type Dictionary, isDictionary } from '../answer.js';
import { rawField } from '../raw-field.js';
import { text, textOrUnknown } from '../row-fields.js';
import type { RowSet } from '../row-set.js';
import { notNegativeOrUnknown, positive } from './amount-fields.js';
import { listed, wordOf } from './listed-word.js';
import type { RecordReader, TimedRow } from './page-records.js';
import { idOf } from './row-id.js';

const transferRow = z.object({
  id: text,
  currency: text,
  amount: positive,
  feeCost: notNegativeOrUnknown,
  rawStatus: textOrUnknown,
  network: textOrUnknown,
  address: textOrUnknown,
  transactionId: textOrUnknown,
  fromWallet: textOrUnknown,
  toWallet: textOrUnknown,
});

type TransferRow = z.infer<typeof transferRow>;

export interface TransferReaderOptions {
  readonly scope: TransferScopeProfile;
  /** The account's wallets that are mirrored. */
  readonly wallets: ReadonlySet<string>;
  /** The id of the key's account, where the scope asks for it. */
  readonly ownerId: string | undefined;
}

export function transferReader(options: TransferReaderOptions): RecordReader<TransferRecord> {
  const { scope } = options;
  return {
    nameOf: ({ fields }) => `${scope.kind} ${String(idOf(fields, scope))}`,
    keyOf: ({ kind, id }) => `${kind} ${id}`,
    read: (row, set) => read(row, set, options),
  };
}

function read(
  { name, fields, timestampMs }: TimedRow,
  set: RowSet<TransferRecord>,
  { scope, wallets, ownerId }: TransferReaderOptions,
): TransferRecord | 'other' | undefined {
  const info = isDictionary(fields.info) ? fields.info : {};
  const [from, to] = [endOf(info, scope.from, ownerId), endOf(info, scope.to, ownerId)];
  if (!from.isOwn && !to.isOwn) return 'other';
  const row = set.parse(name, transferRow, {
    id: idOf(fields, scope),
    currency: fields.currency,
    amount: rawField(fields, 'amount', scope.fields ?? {}),
    feeCost: scope.fields?.feeCost ? rawField(fields, 'feeCost', scope.fields) : feeOf(fields),
    rawStatus: statusWord(fields, info, scope),
    network: rawField(fields, 'network', scope.fields ?? {}),
    address: scope.fields?.address ? rawField(fields, 'address', scope.fields) : fields.addressTo,
    transactionId: scope.fields?.transactionId
      ? rawField(fields, 'transactionId', scope.fields)
      : fields.txid,
    fromWallet: from.wallet,
    toWallet: to.wallet,
  });
  if (row === undefined) return undefined;
  const sized = arriving(row, scope);
  if (compare(sized.amount, '0') <= 0) {
    set.reject(name, 'amount: nothing of it is left after the fee');
    return undefined;
  }
  const status = listed(scope.statuses, row.rawStatus);
  const isIn = to.isOwn && isMirrored(row.toWallet, scope, wallets, 'deposit');
  const isOut = from.isOwn && isMirrored(row.fromWallet, scope, wallets, 'withdrawal');
  return {
    ...sized,
    kind: scope.kind,
    status: saysStatus(scope) ? (status ?? 'pending') : 'ok',
    change: scope.counts === false ? '0' : changeOf(sized, scope, isIn, isOut),
    timestampMs,
  };
}

function saysStatus({ statusField, hasUnifiedStatus }: TransferScopeProfile): boolean {
  return statusField !== undefined || hasUnifiedStatus === true;
}

function statusWord(fields: Dictionary, info: Dictionary, scope: TransferScopeProfile): unknown {
  if (scope.hasUnifiedStatus === true) return fields.status;
  return scope.statusField === undefined ? undefined : wordOf(info[scope.statusField]);
}

interface End {
  readonly wallet: unknown;
  readonly isOwn: boolean;
}

function endOf(info: Dictionary, end: TransferEnd | undefined, ownerId: string | undefined): End {
  if (end === undefined) return { wallet: undefined, isOwn: true };
  const word = end.field === undefined ? end.wallet : wordOf(info[end.field]);
  const wallet = typeof word === 'string' ? (listed(end.names, word) ?? word) : word;
  const isOwn = end.ownerField === undefined || String(info[end.ownerField]) === ownerId;
  return { wallet, isOwn };
}

/** Of what comes from outside and goes there, the exchange does not say the wallet. */
function isMirrored(
  wallet: string | undefined,
  { kind }: TransferScopeProfile,
  wallets: ReadonlySet<string>,
  outward: TransferScopeProfile['kind'],
): boolean {
  return wallet === undefined ? kind === outward : wallets.has(wallet);
}

/** With the amount that arrives. */
function arriving(row: TransferRow, { amountIncludesFee }: TransferScopeProfile): TransferRow {
  if (amountIncludesFee !== true || row.feeCost === undefined) return row;
  return { ...row, amount: subtract(row.amount, row.feeCost) };
}

function changeOf(
  { amount, feeCost = '0' }: TransferRow,
  { kind, amountIncludesFee }: TransferScopeProfile,
  isIn: boolean,
  isOut: boolean,
): DecimalString {
  if (kind === 'deposit') return isIn ? received(amount, feeCost, amountIncludesFee === true) : '0';
  const into = isIn ? amount : '0';
  return isOut ? subtract(into, add(amount, feeCost)) : into;
}

/** The fee of a deposit was taken of it on the way, or is taken of the wallet. */
function received(amount: DecimalString, feeCost: DecimalString, isTaken: boolean): DecimalString {
  return isTaken ? amount : add(amount, negate(feeCost));
}

function feeOf({ fee }: Dictionary): unknown {
  return isDictionary(fee) ? fee.cost : undefined;
}
