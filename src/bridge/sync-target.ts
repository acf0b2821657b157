import type { Settings } from '../config/settings.js';
import { DataType, isDataType } from '../domain/data-type.js';
import { ExchangeSyncError } from '../domain/errors.js';

export interface SyncTarget {
  readonly exchange: string;
  /** Undefined: all accounts of the exchange. */
  readonly account: string | undefined;
}

/** `bybit` or `bybit/sub1`, padding and case aside. Rejects what is not configured with what is. */
export function parseSyncTarget(text: string, { exchanges }: Settings): SyncTarget {
  const [exchange = '', account, ...rest] = String(text)
    .split('/')
    .map((part) => part.trim().toLowerCase());
  const configured = exchanges.map(({ id }) => id);
  if (rest.length > 0 || account === '' || !configured.includes(exchange)) {
    throw new ExchangeSyncError(
      'EXCHANGE_NOT_CONFIGURED',
      `${JSON.stringify(text)} is not a configured exchange or one of its accounts, such as "bybit" or "bybit/main". ` +
        `Configured: ${configured.join(', ') || 'none'}. Add it to EXCHANGE_SYNC_EXCHANGES or to the option exchanges.`,
      { details: { target: text, configured } },
    );
  }
  return { exchange, account };
}

export function requireAccount({ exchange, account }: SyncTarget, accounts: readonly string[]): void {
  if (account === undefined || accounts.includes(account)) return;
  const configured = accounts.map((known) => `${exchange}/${known}`);
  throw new ExchangeSyncError(
    'EXCHANGE_NOT_CONFIGURED',
    `There are no credentials for ${exchange}/${account}. Accounts: ${configured.join(', ') || 'none'}.`,
    { details: { target: `${exchange}/${account}`, configured } },
  );
}

export function parseDataType(value: unknown): DataType {
  const cleaned = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (isDataType(cleaned)) return cleaned;
  const known = Object.values(DataType);
  throw new ExchangeSyncError(
    'DATA_TYPE_UNKNOWN',
    `${JSON.stringify(value)} is not a data type. Give one of: ${known.join(', ')}.`,
    { details: { dataType: value, known } },
  );
}
