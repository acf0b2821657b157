import { type AccountRef, WHOLE_EXCHANGE } from '../domain/account.js';
import type { SyncedDataType } from '../domain/data-type.js';

/** What one task keeps in sync: one kind of data of one account, or of an exchange as a whole. */
export interface SyncTarget extends AccountRef {
  readonly dataType: SyncedDataType;
}

interface TargetRule {
  /** Whether it is read once for all accounts of an exchange. */
  readonly wholeExchange: boolean;
  /** What it is made of, out of the mirror: it must run after these, and asks the exchange for nothing. */
  readonly derivedFrom: readonly SyncedDataType[];
}

const OF_ACCOUNT: TargetRule = { wholeExchange: false, derivedFrom: [] };

const RULES: Readonly<Record<SyncedDataType, TargetRule>> = {
  balances: OF_ACCOUNT,
  positions: OF_ACCOUNT,
  orders: OF_ACCOUNT,
  prices: { wholeExchange: true, derivedFrom: [] },
  transfers: OF_ACCOUNT,
  ledger: OF_ACCOUNT,
  trades: OF_ACCOUNT,
  portfolio: { wholeExchange: false, derivedFrom: ['balances', 'prices'] },
};

export function targetOf({ exchange, account }: AccountRef, dataType: SyncedDataType): SyncTarget {
  return { exchange, account: RULES[dataType].wholeExchange ? WHOLE_EXCHANGE : account, dataType };
}

export function inputsOf(target: SyncTarget): readonly SyncTarget[] {
  return RULES[target.dataType].derivedFrom.map((dataType) => targetOf(target, dataType));
}

/** `inputsOf` for data types instead of targets. */
export function inputTypesOf(dataType: SyncedDataType): readonly SyncedDataType[] {
  return RULES[dataType].derivedFrom;
}

/** `bybit/main balances`: names a target in maps and messages. */
export function targetId({ exchange, account, dataType }: SyncTarget): string {
  return `${exchange}/${account} ${dataType}`;
}

/** Each data type of the accounts, in the order in which they are to run, each target once. */
export function targetsOf(
  accounts: readonly AccountRef[],
  dataTypes: readonly SyncedDataType[],
): readonly SyncTarget[] {
  const targets = new Map<string, SyncTarget>();
  for (const dataType of dataTypes) {
    for (const account of accounts) {
      const target = targetOf(account, dataType);
      targets.set(targetId(target), target);
    }
  }
  return [...targets.values()];
}
