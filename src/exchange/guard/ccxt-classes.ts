import type { ErrorMeaning } from '../profiles/profile.js';
import type { RetryKind } from './failure.js';

export interface ClassMeaning extends ErrorMeaning {
  /** Where it differs from the reaction to the code. */
  readonly retry?: RetryKind;
}

/**
 * What ccxt's error classes mean where the profile says nothing of the exchange's code or status. The first
 * of an error's classes that is here counts, so a class stands for its subclasses.
 */
export const CLASS_MEANINGS: Readonly<Record<string, ClassMeaning>> = {
  // Only the row for AuthenticationError can suspend an account, and only for the exchange's own code.
  AuthenticationError: {
    error: 'AUTHENTICATION_FAILED',
    suspends: 'account',
    onceAnswered: { error: 'PERMISSION_DENIED', suspends: 'scope' },
  },
  PermissionDenied: { error: 'PERMISSION_DENIED', suspends: 'scope' },
  AccountSuspended: { error: 'PERMISSION_DENIED', suspends: 'scope' },
  RestrictedLocation: { error: 'REGION_BLOCKED', suspends: 'nothing' },
  NotSupported: { error: 'NOT_SUPPORTED', suspends: 'nothing' },
  // A market that was listed after the markets were loaded.
  BadSymbol: { error: 'EXCHANGE_REJECTED', suspends: 'nothing', retry: 'after-market-refresh' },
  InvalidProxySettings: { error: 'CONFIG_INVALID', suspends: 'nothing' },
  ArgumentsRequired: { error: 'EXCHANGE_REJECTED', suspends: 'nothing' },
  BadRequest: { error: 'EXCHANGE_REJECTED', suspends: 'nothing' },
  OperationRejected: { error: 'EXCHANGE_REJECTED', suspends: 'nothing' },
  InvalidOrder: { error: 'EXCHANGE_REJECTED', suspends: 'nothing' },
  InsufficientFunds: { error: 'EXCHANGE_REJECTED', suspends: 'nothing' },
  // ccxt's class for a code it does not know: some are transient, so it is tried again a few times.
  ExchangeError: { error: 'EXCHANGE_REJECTED', suspends: 'nothing', retry: 'backoff' },

  InvalidNonce: { error: 'CLOCK_SKEW', suspends: 'nothing' },
  RateLimitExceeded: { error: 'RATE_LIMITED', suspends: 'nothing' },
  DDoSProtection: { error: 'RATE_LIMITED', suspends: 'nothing' },
  RequestTimeout: { error: 'EXCHANGE_TIMEOUT', suspends: 'nothing' },
  BadResponse: { error: 'EXCHANGE_BAD_RESPONSE', suspends: 'nothing' },
  OperationFailed: { error: 'EXCHANGE_UNAVAILABLE', suspends: 'nothing' },
};

/** What an HTTP status means at any exchange, whatever class ccxt gave it. */
export const STATUS_MEANINGS: Readonly<Record<number, ErrorMeaning>> = {
  418: { error: 'BANNED', suspends: 'nothing' },
  429: { error: 'RATE_LIMITED', suspends: 'nothing' },
  451: { error: 'REGION_BLOCKED', suspends: 'nothing' },
};

/** And where the body has no code of the exchange's own: then a gateway answered, not the exchange. */
export const BARE_STATUS_MEANINGS: Readonly<Record<number, ErrorMeaning>> = {
  401: { error: 'AUTHENTICATION_FAILED', suspends: 'nothing' },
  403: { error: 'REGION_BLOCKED', suspends: 'nothing' },
  407: {
    error: 'EXCHANGE_UNAVAILABLE',
    suspends: 'nothing',
    remedy: 'The proxy wants a user and a password.',
  },
};
