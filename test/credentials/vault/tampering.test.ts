import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { expectError } from '../../support/expect-error.js';
import { VaultFiles, type VaultJson } from './vault-files.js';

const MAIN = { exchange: 'bybit', account: 'main' };
const SUB = { exchange: 'bybit', account: 'sub1' };
const KEY = { apiKey: 'the-key-of-main', secret: 'the-secret-of-main' };
const OTHER = { apiKey: 'the-key-of-sub1', secret: 'the-secret-of-sub1' };

/** Where the parts of a sealed text lie. */
const REGIONS = { 'the IV': 0, 'the ciphertext': 14, 'the tag': -1 } as const;

/** One bit of one byte is another one. */
function flipped(base64: unknown, at: number): string {
  const bytes = Buffer.from(String(base64), 'base64');
  const index = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  return bytes.toString('base64');
}

/** By someone who knows the format, has no key, and makes the checksum right. */
const FORGERIES: Readonly<Record<string, (json: VaultJson, before: VaultJson) => void>> = {
  'a record is swapped with another account’s': ({ accounts }) => {
    const { 'bybit/main': main = '', 'bybit/sub1': sub = '' } = accounts;
    Object.assign(accounts, { 'bybit/main': sub, 'bybit/sub1': main });
  },
  'a record is copied to another account': ({ accounts }) => {
    accounts['binance/main'] = accounts['bybit/main'] ?? '';
  },
  'an account is taken out': ({ accounts }) => {
    delete accounts['bybit/main'];
  },
  'an account is renamed': ({ accounts }) => {
    accounts['bybit/zzz'] = accounts['bybit/main'] ?? '';
    delete accounts['bybit/main'];
  },
  'an older record is put back': ({ accounts }, before) => {
    accounts['bybit/main'] = before.accounts['bybit/main'] ?? '';
  },
  'an older check is put back': (json, before) => {
    json.check = before.check;
  },
  'a record is emptied': ({ accounts }) => {
    accounts['bybit/main'] = '';
  },
  ...Object.fromEntries(
    Object.entries(REGIONS).map(([region, at]) => [
      `${region} of a record is changed`,
      ({ accounts }: VaultJson) => {
        accounts['bybit/main'] = flipped(accounts['bybit/main'], at);
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(REGIONS).map(([region, at]) => [
      `${region} of the check is changed`,
      (json: VaultJson) => {
        json.check = flipped(json.check, at);
      },
    ]),
  ),
};

/** What makes every key another one cannot be told from a wrong key by who has no other copy. */
const FORGED_HEADS: Readonly<Record<string, (json: VaultJson) => void>> = {
  'the salt is changed': ({ kdf }) => {
    kdf.salt = flipped(kdf.salt, 0);
  },
  'the cost is lowered': ({ kdf }) => {
    kdf.N = 4_096 * 2;
  },
};

const IMPOSSIBLE_HEADS: Readonly<Record<string, (json: VaultJson) => void>> = {
  'a cost that takes all memory': ({ kdf }) => {
    kdf.N = 2 ** 40;
  },
  'a cost that is none': ({ kdf }) => {
    kdf.N = '4096';
  },
  'another derivation': ({ kdf }) => {
    kdf.name = 'none';
  },
  'no salt': ({ kdf }) => {
    kdf.salt = '';
  },
  'another version': (json) => {
    json.version = 0;
  },
  'another format': (json) => {
    json.format = 'passwords';
  },
  'another way to unlock it': (json) => {
    json.unlock = 'open-sesame';
  },
  'an account of no exchange': ({ accounts }) => {
    accounts['../../etc/passwd'] = 'AAAA';
  },
};

describe('a vault that was changed by something else', () => {
  let files: VaultFiles;
  let before: VaultJson;
  let json: VaultJson;

  beforeEach(async () => {
    files = await VaultFiles.make();
    await files.vault().put(MAIN, { ...KEY, secret: 'an older secret of main' });
    await files.vault().put(SUB, OTHER);
    before = await files.read();
    await files.vault().put(MAIN, KEY, { replace: true });
    json = await files.read();
  });

  afterEach(() => files.remove());

  /** Nothing of it is used, whatever is asked of it, and it stays as it is. */
  async function refused(code: 'VAULT_DAMAGED' | 'VAULT_KEY_WRONG'): Promise<ExchangeSyncError> {
    const found = await files.read().catch(() => undefined);
    const error = await expectError(files.vault().credentials(MAIN), code);
    await expectError(files.vault().credentials(SUB), code);
    await expectError(files.vault().credentials({ exchange: 'kraken', account: 'main' }), code);
    await expectError(files.vault().accounts(), code);
    await expectError(files.vault().unlock(), code);
    await expectError(files.vault().put({ exchange: 'kraken', account: 'main' }, KEY), code);
    await expectError(files.vault().rekey({ keyFile: files.keyFile }), code);
    expect(await files.read().catch(() => undefined)).to.deep.equal(found);
    expect(error.message)
      .to.contain(files.file)
      .and.match(/backup/);
    for (const secret of Object.values(KEY)) expect(error.message).not.to.contain(secret);
    return error;
  }

  for (const [what, forge] of Object.entries(FORGERIES)) {
    it(`is refused when ${what}`, async () => {
      forge(json, before);
      await files.forge(json);
      await refused('VAULT_DAMAGED');
    });
  }

  for (const [what, forge] of Object.entries(FORGED_HEADS)) {
    it(`does not open when ${what}, and is known as damaged by its checksum`, async () => {
      forge(json);
      await files.forge(json);
      await refused('VAULT_KEY_WRONG');
      await files.write(JSON.stringify(json));
      await refused('VAULT_DAMAGED');
    });
  }

  for (const [what, forge] of Object.entries(IMPOSSIBLE_HEADS)) {
    it(`is refused with ${what}`, async () => {
      forge(json);
      await files.forge(json);
      await refused('VAULT_DAMAGED');
    });
  }

  it('is refused when it was written by a newer version, which is named', async () => {
    await files.forge({ ...json, version: 2 });
    const error = await expectError(files.vault().unlock(), 'VAULT_DAMAGED');
    expect(error.message).to.contain('newer exchange-sync');
  });

  for (const text of ['', '{', 'null', '[]', '"vault"', '{"apiKey":"hunter2-in-the-clear"}']) {
    it(`is refused when it holds ${JSON.stringify(text)}, which is not quoted`, async () => {
      await files.write(text);
      const { message } = await refused('VAULT_DAMAGED');
      expect(message).not.to.contain('hunter2');
    });
  }

  it('gives right credentials or none, whichever byte of the file is another', async function () {
    this.timeout(60_000);
    const text = JSON.stringify(json);
    let refusals = 0;
    for (let at = 0; at < text.length; at += 1) {
      const byte = String.fromCharCode(text.charCodeAt(at) ^ 1);
      await files.write(text.slice(0, at) + byte + text.slice(at + 1));
      await files
        .vault()
        .credentials(MAIN)
        .then(
          (credentials) => expect(credentials).to.deep.equal(KEY),
          (error: unknown) => {
            expect(error).to.be.instanceOf(ExchangeSyncError);
            expect((error as ExchangeSyncError).code).to.match(/^VAULT_(DAMAGED|KEY_WRONG)$/);
            refusals += 1;
          },
        );
    }
    expect(refusals).to.equal(text.length);
  });
});

describe('a wrong master key', () => {
  it('is told from a changed file, and changes nothing', async () => {
    const files = await VaultFiles.make();
    try {
      await files.vault().put(MAIN, KEY);
      const stored = await files.read();
      const wrong = await files.writeKey('not the master key, but as long', `${files.directory}/other.key`);
      const vault = files.vault({ keyFile: wrong });
      const error = await expectError(vault.credentials(MAIN), 'VAULT_KEY_WRONG');
      expect(error.message).to.contain(wrong).and.contain(files.file);
      await expectError(vault.put(SUB, OTHER), 'VAULT_KEY_WRONG');
      await expectError(vault.remove(MAIN), 'VAULT_KEY_WRONG');
      await expectError(vault.rekey({ keyFile: wrong }), 'VAULT_KEY_WRONG');
      expect(await files.read()).to.deep.equal(stored);
      // And is not remembered: once the right one is there, it opens.
      let typed = 'wrong horse battery staple';
      const asking = await VaultFiles.make();
      try {
        await asking.vault({ passphrase: () => 'correct horse battery staple' }).put(MAIN, KEY);
        const person = asking.vault({ passphrase: () => typed });
        await expectError(person.credentials(MAIN), 'VAULT_KEY_WRONG');
        typed = 'correct horse battery staple';
        expect(await person.credentials(MAIN)).to.deep.equal(KEY);
      } finally {
        await asking.remove();
      }
    } finally {
      await files.remove();
    }
  });
});
