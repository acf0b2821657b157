import { inspect } from 'node:util';
import type { ConnectionSettings } from '../../config/settings.js';
import { CREDENTIAL_FIELDS, type Credentials } from '../../credentials/credentials.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import { EXCHANGE_DIRECTORY } from '../../domain/exchange-directory.js';
import { type HardeningOptions, harden } from './hardening.js';
import type { RawExchange, RawExchangeClass } from './raw-exchange.js';

export interface ExchangeOptions extends HardeningOptions {
  readonly connection: ConnectionSettings;
  /** Absent: only public requests can be made. */
  readonly credentials?: Credentials;
}

/** Deadlines are the transport's, by the injected clock; ccxt's own timer only has to stay out of the way. */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

/** A hardened client. Throws TESTNET_UNAVAILABLE or CONFIG_INVALID. */
export function createExchange(Class: RawExchangeClass, options: ExchangeOptions): RawExchange {
  const { profile, connection, credentials = {} } = options;
  requireOneProxy(profile.exchange, connection);
  const exchange = new Class({
    enableRateLimit: true,
    timeout: NO_TIMEOUT_MS,
    number: String,
    options: { ...profile.ccxtOptions },
    // They would hold the last answer, for nobody.
    enableLastHttpResponse: false,
    enableLastJsonResponse: false,
    enableLastResponseHeaders: false,
    ...(connection.proxyUrl === undefined ? {} : { proxyUrl: connection.proxyUrl }),
  });
  if (connection.testnet) useTestnet(exchange);
  hideSecrets(exchange, credentials);
  harden(exchange, options);
  return exchange;
}

/**
 * The directory knows what ccxt only claims: of some testnets it has no address, of one somebody else's. The
 * addresses are looked at all the same, since a key must never reach mainnet by mistake.
 */
function useTestnet(exchange: RawExchange): void {
  if (EXCHANGE_DIRECTORY[exchange.id]?.testnet !== true) throw noTestnet(exchange);
  try {
    exchange.setSandboxMode(true);
  } catch (error: unknown) {
    throw noTestnet(exchange, error);
  }
  if (!hasAddress(exchange.urls.api)) throw noTestnet(exchange);
}

function noTestnet({ id }: RawExchange, cause?: unknown): ExchangeSyncError {
  return new ExchangeSyncError(
    'TESTNET_UNAVAILABLE',
    `${id} has no testnet that ccxt knows. Remove ${id.toUpperCase()}_TESTNET to use the real one.`,
    { details: { exchange: id }, cause },
  );
}

function hasAddress(urls: unknown): boolean {
  if (typeof urls === 'string') return urls !== '';
  return typeof urls === 'object' && urls !== null && Object.values(urls).some(hasAddress);
}

/** Whoever prints or serializes the client sees its name; ccxt's methods find the credentials as ever. */
function hideSecrets(exchange: RawExchange, credentials: Credentials): void {
  for (const field of CREDENTIAL_FIELDS) {
    const value = credentials[field];
    if (value !== undefined) {
      Object.defineProperty(exchange, field, {
        value,
        enumerable: false,
        writable: true,
        configurable: true,
      });
    }
  }
  const name = `[ccxt client of ${exchange.id}]`;
  Object.defineProperty(exchange, inspect.custom, { value: () => name });
  Object.defineProperty(exchange, 'toJSON', { value: () => name });
}

function requireOneProxy(id: string, { proxyUrl, httpsProxy, socksProxy }: ConnectionSettings): void {
  const given = Object.entries({ proxyUrl, httpsProxy, socksProxy }).filter(
    ([, value]) => value !== undefined,
  );
  if (given.length < 2) return;
  const names = given.map(([name]) => name).join(' and ');
  throw new ExchangeSyncError('CONFIG_INVALID', `${id} has ${names}: set one proxy only.`, {
    details: { exchange: id },
  });
}
