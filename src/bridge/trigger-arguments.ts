import { isKnownExchange, unknownExchangeError } from '../config/known-exchange.js';
import type { Settings } from '../config/settings.js';
import { DataType, isDataType } from '../domain/data-type.js';
import { ExchangeSyncError } from '../domain/errors.js';

export interface TriggerTarget {
  readonly exchange: string;
  /** Undefined: all accounts of the exchange. */
  readonly account: string | undefined;
}

/**
 * `bybit` or `bybit/sub1`, padding and case aside. An exchange that does not exist is rejected with near matches,
 * one that is not configured with those that are; whether there are credentials for the account is found out when it is synced.
 */
export function parseTarget(text: string, { exchanges }: Settings): TriggerTarget {
  const [exchange = '', account, ...rest] = String(text)
    .split('/')
    .map((part) => part.trim().toLowerCase());
  const configured = exchanges.map(({ id }) => id);
  const isNamed = typeof text === 'string' && exchange !== '';
  if (isNamed && !isKnownExchange(exchange)) throw unknownExchangeError(exchange, configured);
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

/** The same, or everything that is configured. */
export function parseOptionalTarget(text: string | undefined, settings: Settings): Partial<TriggerTarget> {
  return text === undefined ? {} : parseTarget(text, settings);
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
