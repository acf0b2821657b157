import {
  accountVariableName,
  CREDENTIAL_VARIABLES,
  type CredentialVariable,
} from '../config/account-variables.js';
import { type AccountRef, accountId } from '../domain/account.js';
import { ExchangeSyncError } from '../domain/errors.js';
import { EXCHANGE_DIRECTORY } from '../domain/exchange-directory.js';
import { CREDENTIAL_FIELDS, type CredentialField, type Credentials } from './credentials.js';

/** The fields that ccxt cannot do without at this exchange. */
export function requiredFields(exchange: string): readonly CredentialField[] {
  const required = EXCHANGE_DIRECTORY[exchange]?.requiredCredentials ?? [];
  return CREDENTIAL_FIELDS.filter((field) => required.includes(field));
}

export function missingFields(exchange: string, credentials: Credentials): readonly CredentialField[] {
  return requiredFields(exchange).filter((field) => !credentials[field]);
}

/** CREDENTIALS_MISSING: names the account, what is missing and the variables that supply it. */
export function credentialsMissing(
  account: AccountRef,
  missing: readonly CredentialField[] = requiredFields(account.exchange),
  source?: string,
): ExchangeSyncError {
  const variables = missing.map((field) => accountVariableName(account, variableOf(field)));
  const has =
    source === undefined
      ? 'has no credentials'
      : `lacks ${missing.join(' and ')} (the rest comes from: ${source})`;
  const remedy = remedyFor(account, source, missing, variables);
  return new ExchangeSyncError('CREDENTIALS_MISSING', `${accountId(account)} ${has}; ${remedy}`, {
    details: { ...account, missing, variables },
  });
}

function remedyFor(
  account: AccountRef,
  source: string | undefined,
  missing: readonly CredentialField[],
  variables: readonly string[],
): string {
  const add = `exchange-sync credentials add ${accountId(account)}`;
  if (source === undefined) return `set ${variables.join(' and ')}, or run: ${add}`;
  if (source === 'environment') return `set ${variables.join(' and ')}`;
  if (source === 'vault') return `run: ${add}`;
  return `let ${source} supply ${missing.join(' and ')}`;
}

function variableOf(field: CredentialField): CredentialVariable {
  const names = Object.keys(CREDENTIAL_VARIABLES) as CredentialVariable[];
  const name = names.find((candidate) => CREDENTIAL_VARIABLES[candidate] === field);
  if (name === undefined) throw new ExchangeSyncError('INTERNAL', `no variable supplies ${field}`);
  return name;
}
