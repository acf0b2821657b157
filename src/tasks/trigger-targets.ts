import { type AccountRef, accountId } from '../domain/account.js';
import { DataType, SYNCED_DATA_TYPES, type SyncedDataType } from '../domain/data-type.js';
import { ExchangeSyncError } from '../domain/errors.js';
import { inputTypesOf, type SyncTarget, targetsOf } from './sync-target.js';

export interface Trigger {
  readonly exchange: string;
  /** Undefined: all accounts of the exchange. */
  readonly account: string | undefined;
  readonly dataType: DataType;
}

/** Accounts by name; undefined: all. */
export interface AccountTarget {
  readonly exchange?: string | undefined;
  readonly account?: string | undefined;
}

/**
 * What a trigger syncs, in order: a data type that is made of others brings them along.
 * Throws `EXCHANGE_NOT_CONFIGURED` when no configured account is meant.
 */
export function triggerTargets(trigger: Trigger, configured: readonly AccountRef[]): readonly SyncTarget[] {
  return targetsOf(accountsOf(trigger, configured), withInputs(trigger.dataType));
}

/** The configured accounts that are meant. Throws `EXCHANGE_NOT_CONFIGURED` when there is none. */
export function accountsOf(target: AccountTarget, configured: readonly AccountRef[]): readonly AccountRef[] {
  const accounts = configured.filter(
    ({ exchange, account }) =>
      (target.exchange === undefined || exchange === target.exchange) &&
      (target.account === undefined || account === target.account),
  );
  if (accounts.length === 0) throw notConfigured(target, configured);
  return accounts;
}

function withInputs(dataType: DataType): readonly SyncedDataType[] {
  if (dataType === DataType.ALL) return SYNCED_DATA_TYPES;
  const wanted = new Set<SyncedDataType>([dataType, ...inputTypesOf(dataType)]);
  return SYNCED_DATA_TYPES.filter((each) => wanted.has(each));
}

function notConfigured(
  { exchange = 'any exchange', account }: AccountTarget,
  configured: readonly AccountRef[],
): ExchangeSyncError {
  const wanted = account === undefined ? exchange : accountId({ exchange, account });
  const known = configured.map(accountId).sort();
  const remedy =
    known.length === 0
      ? 'No account is: set the credentials of one.'
      : `Configured are: ${known.join(', ')}. Name one of them, or set the credentials of ${wanted}.`;
  return new ExchangeSyncError('EXCHANGE_NOT_CONFIGURED', `${wanted} is not configured. ${remedy}`, {
    details: { exchange, ...(account !== undefined && { account }), configured: known },
  });
}
