import { type AccountRef, accountId, MAIN_ACCOUNT } from '../../domain/account.js';
import type { ErrorCode } from '../../domain/errors.js';

export interface Situation {
  readonly exchange: string;
  readonly account: string | undefined;
  readonly scope: string;
  readonly method: string;
  /** How far this machine's clock is ahead of the exchange's, where that was measured. */
  readonly clockAheadMs: number | undefined;
}

/** What a person should do about a code, where the profile says nothing better. */
const REMEDIES: Partial<Record<ErrorCode, (situation: Situation) => string>> = {
  AUTHENTICATION_FAILED: ({ exchange, account }) =>
    `Check the API key and secret of ${nameOf(exchange, account)}, whether the key has expired, and whether it belongs to ${exchange}'s real site or its testnet.`,
  PERMISSION_DENIED: ({ exchange, account, scope }) =>
    `Give the key of ${nameOf(exchange, account)} permission to read ${scope}; everything else goes on.`,
  CLOCK_SKEW: ({ exchange, clockAheadMs }) =>
    clockAheadMs === undefined
      ? "Synchronize this machine's clock (NTP)."
      : `This machine's clock is ${Math.abs(clockAheadMs) / 1000} s ${clockAheadMs < 0 ? 'behind' : 'ahead of'} ${exchange}'s: synchronize it (NTP).`,
  RATE_LIMITED: () => 'Requests wait until it allows more; nothing needs to be done.',
  BANNED: () => 'Requests wait until the ban ends. Is another program using this IP address?',
  REGION_BLOCKED: ({ exchange }) =>
    `${exchange} does not serve this machine's location; set ${exchange.toUpperCase()}_HTTPS_PROXY or use the exchange's entity for your country.`,
  EXCHANGE_BAD_RESPONSE: () => 'It is read as unknown, never as empty, and tried again.',
};

/** One message for people: which exchange, what it was asked for, what went wrong, what to do. */
export function explain(
  code: ErrorCode,
  said: string,
  remedy: string | undefined,
  situation: Situation,
): string {
  const { exchange, account, scope, method } = situation;
  const advice = remedy?.replaceAll('{ID}', variablesOf(situation)) ?? REMEDIES[code]?.(situation);
  const what = `${nameOf(exchange, account)}: ${method} of ${scope} failed: ${said}`;
  return advice === undefined ? what : `${what.replace(/[.\s]*$/, '')}. ${advice}`;
}

/** How the names of the account's variables begin. */
function variablesOf({ exchange, account = MAIN_ACCOUNT }: Situation): string {
  return (account === MAIN_ACCOUNT ? exchange : `${exchange}_${account}`).toUpperCase();
}

function nameOf(exchange: string, account: string | undefined): string {
  return account === undefined ? exchange : accountId({ exchange, account } satisfies AccountRef);
}
