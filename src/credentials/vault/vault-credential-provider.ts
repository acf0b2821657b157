import type { AccountRef } from '../../domain/account.js';
import type { CredentialProvider, Credentials } from '../credentials.js';
import type { Vault } from './vault.js';

/** A vault as a source of accounts and keys. An account that is in it but cannot be read is an error, not absent. */
export class VaultCredentialProvider implements CredentialProvider {
  readonly name = 'vault';
  readonly #vault: Vault;

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  async ready(): Promise<void> {
    await this.#vault.unlock();
  }

  async accounts(exchange: string): Promise<readonly string[]> {
    const all = await this.#vault.accounts();
    return all.filter((account) => account.exchange === exchange).map(({ account }) => account);
  }

  async credentials(account: AccountRef): Promise<Credentials | undefined> {
    return await this.#vault.credentials(account);
  }
}
