import { type AccountRef, MAIN_ACCOUNT } from '../domain/account.js';
import type { Environment } from './environment.js';
import { isKnownExchange } from './known-exchange.js';
import type { ProblemList } from './setting-values.js';

/** `{ID}_{FIELD}` and `{ID}_{ACCOUNT}_{FIELD}`: FIELD by what it is for. */
export const CREDENTIAL_VARIABLES = {
  API_KEY: 'apiKey',
  API_SECRET: 'secret',
  API_PASSWORD: 'password',
  UID: 'uid',
  LOGIN: 'login',
  ACCOUNT_ID: 'accountId',
  PRIVATE_KEY: 'privateKey',
  WALLET_ADDRESS: 'walletAddress',
  TOKEN: 'token',
  TWOFA: 'twofa',
} as const;

export const CONNECTION_VARIABLES = {
  TESTNET: 'testnet',
  PROXY_URL: 'proxyUrl',
  HTTPS_PROXY: 'httpsProxy',
  SOCKS_PROXY: 'socksProxy',
} as const;

/** Facts about an account that no exchange tells. */
export const FACT_VARIABLES = { OPENED_ON: 'openedOn' } as const;

export type CredentialVariable = keyof typeof CREDENTIAL_VARIABLES;
export type ConnectionVariable = keyof typeof CONNECTION_VARIABLES;
export type FactVariable = keyof typeof FACT_VARIABLES;
export type AccountField = CredentialVariable | ConnectionVariable | FactVariable;

export const ACCOUNT_FIELDS = [
  ...Object.keys(CREDENTIAL_VARIABLES),
  ...Object.keys(CONNECTION_VARIABLES),
  ...Object.keys(FACT_VARIABLES),
] as readonly AccountField[];

/** A variable that belongs to an exchange (`account` undefined) or to one of its accounts. */
export interface AccountVariable {
  readonly variable: string;
  readonly value: string;
  readonly exchange: string;
  readonly account: string | undefined;
  readonly field: AccountField;
}

/** `undefined`: not the name of such a variable, or of an exchange that ccxt does not have. */
export function parseAccountVariable(variable: string): Omit<AccountVariable, 'value'> | undefined {
  // No ccxt id contains an underscore, so that the first part is the exchange.
  const [, id = '', rest = ''] = /^([A-Z0-9]+)_(.+)$/.exec(variable) ?? [];
  const exchange = id.toLowerCase();
  if (!isKnownExchange(exchange)) return undefined;
  for (const field of ACCOUNT_FIELDS) {
    if (rest === field) return { variable, exchange, account: undefined, field };
    const account = rest.endsWith(`_${field}`) ? rest.slice(0, -field.length - 1) : '';
    if (/^[A-Z0-9]+$/.test(account)) return { variable, exchange, account: account.toLowerCase(), field };
  }
  return undefined;
}

/** Those that are set to something, trimmed. */
export function accountVariables(environment: Environment): readonly AccountVariable[] {
  return Object.entries(environment).flatMap(([name, value]) => {
    const parsed = value === undefined || value.trim() === '' ? undefined : parseAccountVariable(name);
    return parsed === undefined || value === undefined ? [] : [{ ...parsed, value: value.trim() }];
  });
}

/** How a person writes the variable of one account: the main account's has no account part. */
export function accountVariableName({ exchange, account }: AccountRef, field: AccountField): string {
  const parts = account === MAIN_ACCOUNT ? [exchange, field] : [exchange, account, field];
  return parts.join('_').toUpperCase();
}

/** `BYBIT_API_KEY` and `BYBIT_MAIN_API_KEY` say the same thing: which of two keys is meant is not guessed. */
export function reportDoubledCredentials(environment: Environment, problems: ProblemList): void {
  const variables = accountVariables(environment).filter(({ field }) =>
    Object.hasOwn(CREDENTIAL_VARIABLES, field),
  );
  for (const { variable, exchange, field, value } of variables.filter(
    ({ account }) => account === MAIN_ACCOUNT,
  )) {
    const short = variables.find((other) => {
      return other.exchange === exchange && other.field === field && other.account === undefined;
    });
    if (short === undefined || short.value === value) continue;
    problems.addMessage(`${short.variable} and ${variable}`, {
      message: 'are both set, differ, and belong to the same account; keep one of them',
    });
  }
}
