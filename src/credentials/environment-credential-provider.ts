import {
  type AccountVariable,
  accountVariables,
  CREDENTIAL_VARIABLES,
  type CredentialVariable,
} from '../config/account-variables.js';
import type { Environment } from '../config/environment.js';
import { type AccountRef, MAIN_ACCOUNT } from '../domain/account.js';
import type { CredentialProvider, Credentials } from './credentials.js';

export interface EnvironmentCredentialProviderOptions {
  /** Read anew at each call, so that a changed `.env` file is seen. */
  readonly environment: () => Environment;
}

/** Accounts and keys from `{ID}_{FIELD}` and `{ID}_{ACCOUNT}_{FIELD}`. */
export class EnvironmentCredentialProvider implements CredentialProvider {
  readonly name = 'environment';
  readonly #environment: () => Environment;

  constructor({ environment }: EnvironmentCredentialProviderOptions) {
    this.#environment = environment;
  }

  async accounts(exchange: string): Promise<readonly string[]> {
    const accounts = this.#variables(exchange).map(({ account = MAIN_ACCOUNT }) => account);
    return [...new Set(accounts)].sort();
  }

  async credentials({ exchange, account }: AccountRef): Promise<Credentials | undefined> {
    const own = this.#variables(exchange).filter(
      (variable) => (variable.account ?? MAIN_ACCOUNT) === account,
    );
    if (own.length === 0) return undefined;
    return Object.fromEntries(own.map(({ field, value }) => [CREDENTIAL_VARIABLES[field], value]));
  }

  #variables(exchange: string): readonly (AccountVariable & { field: CredentialVariable })[] {
    return accountVariables(this.#environment()).filter(
      (variable): variable is AccountVariable & { field: CredentialVariable } =>
        variable.exchange === exchange && Object.hasOwn(CREDENTIAL_VARIABLES, variable.field),
    );
  }
}
