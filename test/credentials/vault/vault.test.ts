import { readdir, readFile, stat } from 'node:fs/promises';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { STANDARD_COST } from '#src/credentials/vault/derive-key.js';
import { DerivedKeys } from '#src/credentials/vault/derived-keys.js';
import { Vault } from '#src/credentials/vault/vault.js';
import { redactor } from '#src/logging/redactor.js';
import { expectError } from '../../support/expect-error.js';
import { VaultFiles } from './vault-files.js';

const MAIN = { exchange: 'bybit', account: 'main' };
const SUB = { exchange: 'bybit', account: 'sub1' };
const KEY = { apiKey: 'the-key-of-main', secret: 'the-secret-of-main' };
const OTHER = { apiKey: 'the-key-of-sub1', secret: 'the-secret-of-sub1' };

describe('a vault', () => {
  let files: VaultFiles;

  beforeEach(async () => {
    files = await VaultFiles.make();
  });

  afterEach(async () => {
    expect(await readdir(files.directory), 'leftovers').to.have.members(
      ['vault.json', 'vault.key', 'new.key'].filter((name) => names.has(name)),
    );
    names.clear();
    await files.remove();
  });
  const names = new Set<string>();
  const expectFiles = (...expected: string[]) => {
    for (const name of ['vault.key', ...expected]) names.add(name);
  };

  it('is empty where there is no file, and makes none by being asked', async () => {
    expectFiles();
    const vault = files.vault();
    expect(await vault.accounts()).to.deep.equal([]);
    expect(await vault.credentials(MAIN)).to.equal(undefined);
    expect(await vault.remove(MAIN)).to.equal(false);
    await vault.unlock();
    await expectError(vault.rekey({ keyFile: files.keyFile }), 'VAULT_INACCESSIBLE');
  });

  it('gives another process what was put into it, and shows nothing to others', async () => {
    expectFiles('vault.json');
    await files.vault().put(MAIN, KEY);
    await files.vault().put(SUB, OTHER);
    const vault = files.vault();
    expect(await vault.accounts()).to.deep.equal([MAIN, SUB]);
    expect(await vault.credentials(MAIN)).to.deep.equal(KEY);
    expect(await vault.credentials(SUB)).to.deep.equal(OTHER);
    expect((await stat(files.file)).mode & 0o777).to.equal(0o600);
    const stored = await readFile(files.file, 'utf8');
    for (const secret of Object.values(KEY)) {
      expect(stored).not.to.contain(secret);
      expect(stored).not.to.contain(Buffer.from(secret).toString('base64').slice(0, 12));
      expect(inspect(vault, { depth: 9, showHidden: true })).not.to.contain(secret);
      expect(redactor.text(`signed with ${secret}`)).not.to.contain(secret);
    }
  });

  it('overwrites nothing unless it is told to', async () => {
    expectFiles('vault.json');
    await files.vault().put(MAIN, KEY);
    const before = await readFile(files.file, 'utf8');
    const error = await expectError(files.vault().put(MAIN, OTHER), 'CREDENTIALS_EXIST');
    expect(error.message).to.contain('bybit/main').and.contain('--force');
    expect(await readFile(files.file, 'utf8')).to.equal(before);
    await files.vault().put(MAIN, OTHER, { replace: true });
    expect(await files.vault().credentials(MAIN)).to.deep.equal(OTHER);
  });

  it('never seals two things alike', async () => {
    expectFiles('vault.json');
    await files.vault().put(MAIN, KEY);
    await files.vault().put(SUB, KEY);
    const first = await files.read();
    await files.vault().put(MAIN, KEY, { replace: true });
    const second = await files.read();
    const ivs = [first, second].flatMap(({ check, accounts }) =>
      [check, ...Object.values(accounts)].map((sealed) => sealed.slice(0, 16)),
    );
    // The record of the other account was not touched.
    expect(new Set(ivs).size).to.equal(5);
  });

  it('removes one account and keeps the others', async () => {
    expectFiles('vault.json');
    await files.vault().put(MAIN, KEY);
    await files.vault().put(SUB, OTHER);
    expect(await files.vault().remove(MAIN)).to.equal(true);
    expect(await files.vault().accounts()).to.deep.equal([SUB]);
    expect(await files.vault().credentials(SUB)).to.deep.equal(OTHER);
  });

  it('sees what another process has written, and derives its key once', async () => {
    expectFiles('vault.json');
    let asked = 0;
    const ask = () => {
      asked += 1;
      return 'correct horse battery staple';
    };
    await files.vault({ passphrase: ask }).put(MAIN, KEY);
    expect(asked).to.equal(1);
    const reader = files.vault({ passphrase: ask });
    expect(await reader.credentials(MAIN)).to.deep.equal(KEY);
    await files.vault({ passphrase: ask }).put(MAIN, OTHER, { replace: true });
    expect(asked).to.equal(3);
    for (let i = 0; i < 3; i += 1) expect(await reader.credentials(MAIN)).to.deep.equal(OTHER);
    expect(asked).to.equal(3);
  });

  it('gets another master key as a whole', async () => {
    expectFiles('vault.json', 'new.key');
    await files.vault().put(MAIN, KEY);
    await files.vault().put(SUB, OTHER);
    const before = await files.read();
    const newKey = await files.writeKey('another master key, as long', `${files.directory}/new.key`);
    await files.vault().rekey({ keyFile: newKey });
    const after = await files.read();
    expect(after.kdf.salt).not.to.equal(before.kdf.salt);
    await expectError(files.vault().credentials(MAIN), 'VAULT_KEY_WRONG');
    const vault = files.vault({ keyFile: newKey });
    expect(await vault.credentials(MAIN)).to.deep.equal(KEY);
    expect(await vault.credentials(SUB)).to.deep.equal(OTHER);
  });

  it('notices that its key file holds another key by now', async () => {
    expectFiles('vault.json');
    await files.vault().put(MAIN, KEY);
    const vault = files.vault();
    expect(await vault.credentials(MAIN)).to.deep.equal(KEY);
    await files.writeKey('another master key, as long');
    await expectError(vault.credentials(MAIN), 'VAULT_KEY_WRONG');
  });

  it('costs whoever guesses at it a third of a second and 128 MB a guess', async () => {
    expectFiles('vault.json');
    const vault = new Vault({
      file: files.file,
      masterKey: { keyFile: files.keyFile },
      keys: new DerivedKeys(),
    });
    await vault.put(MAIN, KEY);
    const { kdf } = await files.read();
    expect(kdf).to.include({ name: 'scrypt', N: 131_072, r: 8, p: 1 });
    expect(STANDARD_COST.N).to.equal(131_072);
    expect(await files.vault().credentials(MAIN)).to.deep.equal(KEY);
  });
});
