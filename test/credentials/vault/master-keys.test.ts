import { expect } from 'chai';
import { DerivedKeys } from '#src/credentials/vault/derived-keys.js';
import { type KeyringModule, keyring } from '#src/credentials/vault/keyring.js';
import { redactor } from '#src/logging/redactor.js';
import { expectError } from '../../support/expect-error.js';
import { VaultFiles } from './vault-files.js';

const MAIN = { exchange: 'bybit', account: 'main' };
const KEY = { apiKey: 'the-key-of-main', secret: 'the-secret-of-main' };
const PASSPHRASE = 'correct horse battery staple';

describe('master keys', () => {
  let files: VaultFiles;

  beforeEach(async () => {
    files = await VaultFiles.make();
  });

  afterEach(() => files.remove());

  it('are missing: names can be listed, and no account of the vault is called absent', async () => {
    await files.vault().put(MAIN, KEY);
    const vault = files.vault({});
    expect(await vault.accounts()).to.deep.equal([MAIN]);
    expect(await vault.credentials({ exchange: 'okx', account: 'main' })).to.equal(undefined);
    const error = await expectError(vault.credentials(MAIN), 'VAULT_LOCKED');
    expect(error.message).to.contain('EXCHANGE_SYNC_VAULT_KEY_FILE').and.contain(files.file);
    await expectError(vault.unlock(), 'VAULT_LOCKED');
    await expectError(vault.put(MAIN, KEY, { replace: true }), 'VAULT_LOCKED');
  });

  it('are missing where a vault would be made: nothing is made', async () => {
    const error = await expectError(files.vault({}).put(MAIN, KEY), 'VAULT_LOCKED');
    expect(error.message).to.contain('EXCHANGE_SYNC_VAULT_KEY_FILE');
    expect(await files.vault().accounts()).to.deep.equal([]);
  });

  it('are named once: a vault of the keyring would not open with the key file that wins', async () => {
    const vault = files.vault({ keyFile: files.keyFile, useKeyring: true });
    const error = await expectError(vault.put(MAIN, KEY), 'CONFIG_INVALID');
    expect(error.message).to.contain(files.keyFile);
    expect(await files.vault().accounts()).to.deep.equal([]);
  });

  describe('a passphrase', () => {
    it('opens, typed in whatever way the keyboard has, and is kept out of every log', async () => {
      await files.vault({ passphrase: () => 'caf\u00E9 und Kuchen' }).put(MAIN, KEY);
      expect(
        await files.vault({ passphrase: () => 'cafe\u0301 und Kuchen' }).credentials(MAIN),
      ).to.deep.equal(KEY);
      expect(redactor.text('it is caf\u00E9 und Kuchen')).not.to.contain('Kuchen');
      expect((await files.read()).unlock).to.equal('passphrase');
    });

    it('must be long where a vault is made', async () => {
      const asked: string[] = [];
      const ask = (purpose: string) => {
        asked.push(purpose);
        return 'hunter2';
      };
      const error = await expectError(files.vault({ passphrase: ask }).put(MAIN, KEY), 'CONFIG_INVALID');
      expect(error.message).to.contain('12 characters').and.not.contain('hunter2');
      expect(asked).to.deep.equal(['new']);
      await files.vault({ passphrase: () => PASSPHRASE }).put(MAIN, KEY);
      await expectError(files.vault({ passphrase: ask }).credentials(MAIN), 'VAULT_KEY_WRONG');
      expect(asked).to.deep.equal(['new', 'open']);
    });

    it('is asked for where the vault has one, and can be given in a file', async () => {
      await files.vault({ passphrase: () => PASSPHRASE }).put(MAIN, KEY);
      const error = await expectError(files.vault({}).credentials(MAIN), 'VAULT_LOCKED');
      expect(error.message).to.contain('passphrase').and.contain('terminal');
      await files.writeKey(PASSPHRASE);
      expect(await files.vault().credentials(MAIN)).to.deep.equal(KEY);
    });
  });

  describe('the keyring', () => {
    const FIRST = { salt: 'c2FsdA==' };

    function fake(failure?: Error) {
      const kept = new Map<string, string>();
      const options: unknown[] = [];
      const module: KeyringModule = {
        AsyncEntry: class {
          readonly #name: string;
          constructor(service: string, username: string, given?: object) {
            if (failure !== undefined) throw failure;
            this.#name = `${service} ${username}`;
            options.push(given);
          }
          async getPassword() {
            return kept.get(this.#name) ?? null;
          }
          async setPassword(password: string) {
            kept.set(this.#name, password);
          }
        },
      };
      return { kept, options, load: async () => module };
    }

    it('gets a random key for a new vault, keeps the old one, and outlives a restart', async () => {
      const { kept, options, load } = fake();
      await expectError(keyring(files.file, FIRST, load).secret('open'), 'VAULT_LOCKED');
      const first = await keyring(files.file, FIRST, load).secret('new');
      expect(Buffer.from(first.toString(), 'base64')).to.have.length(32);
      expect(await keyring(files.file, FIRST, load).secret('open')).to.deep.equal(first);
      const second = await keyring(files.file, { salt: 'b3RoZXI=' }, load).secret('new');
      expect(second).not.to.deep.equal(first);
      expect(await keyring(files.file, FIRST, load).secret('open')).to.deep.equal(first);
      expect(kept.size).to.equal(2);
      for (const given of options) {
        expect(given).to.deep.equal({ linux: { store: 'secret-service' } });
      }
    });

    it('that fails is an error for people', async () => {
      const { load } = fake(new Error("Couldn't access platform storage: AccessDenied"));
      const error = await expectError(keyring(files.file, FIRST, load).secret('new'), 'VAULT_LOCKED');
      expect(error.message).to.contain('AccessDenied').and.contain('EXCHANGE_SYNC_VAULT_KEY_FILE');
    });

    it('whose package is not there is an error that names it', async () => {
      const load = () => import('a-keyring-that-nobody-installed' as string) as Promise<KeyringModule>;
      const error = await expectError(keyring(files.file, FIRST, load).secret('open'), 'VAULT_LOCKED');
      expect(error.message).to.contain('npm install @napi-rs/keyring');
    });
  });

  it('are derived once for a process, however many ask at the same time', async () => {
    await files.vault({ passphrase: () => PASSPHRASE }).put(MAIN, KEY);
    const keys = new DerivedKeys();
    let asked = 0;
    const vaults = Array.from({ length: 5 }, () =>
      files.vault(
        {
          passphrase: () => {
            asked += 1;
            return PASSPHRASE;
          },
        },
        keys,
      ),
    );
    await Promise.all(vaults.map((vault) => vault.credentials(MAIN)));
    expect(asked).to.equal(1);
  });
});
