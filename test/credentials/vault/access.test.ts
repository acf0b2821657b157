import { chmod, chown, lstat, mkdir, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { Vault } from '#src/credentials/vault/vault.js';
import { expectError } from '../../support/expect-error.js';
import { VaultFiles } from './vault-files.js';

const MAIN = { exchange: 'bybit', account: 'main' };
const KEY = { apiKey: 'the-key-of-main', secret: 'the-secret-of-main' };
const NOBODY = 65_534;

describe('who may read a vault', () => {
  let files: VaultFiles;

  beforeEach(async () => {
    files = await VaultFiles.make();
    await files.vault().put(MAIN, KEY);
  });

  afterEach(() => files.remove());

  for (const mode of [0o644, 0o640, 0o604, 0o660, 0o622, 0o601]) {
    const text = `0${mode.toString(8)}`;
    it(`refuses a vault of mode ${text}, and says how to mend it`, async () => {
      const vault = files.vault();
      expect(await vault.credentials(MAIN)).to.deep.equal(KEY);
      await chmod(files.file, mode);
      const error = await expectError(vault.credentials(MAIN), 'VAULT_EXPOSED');
      expect(error.message).to.contain(text).and.contain(`chmod 600 ${files.file}`);
      await expectError(vault.put(MAIN, KEY, { replace: true }), 'VAULT_EXPOSED');
      await expectError(files.vault().accounts(), 'VAULT_EXPOSED');
      await chmod(files.file, 0o600);
      expect(await vault.credentials(MAIN)).to.deep.equal(KEY);
    });

    it(`refuses a key file of mode ${text}, and says how to mend it`, async () => {
      const vault = files.vault();
      await chmod(files.keyFile, mode);
      const error = await expectError(vault.credentials(MAIN), 'VAULT_EXPOSED');
      expect(error.message).to.contain(text).and.contain(`chmod 600 ${files.keyFile}`);
    });
  }

  for (const name of ['file', 'keyFile'] as const) {
    it(`refuses another user's ${name}, also behind a link`, async function () {
      if (process.getuid?.() !== 0) return this.skip();
      await chown(files[name], NOBODY, NOBODY);
      const error = await expectError(files.vault().credentials(MAIN), 'VAULT_EXPOSED');
      expect(error.message).to.contain(`uid ${NOBODY}`);
      await rename(files[name], join(files.directory, 'elsewhere'));
      await symlink(join(files.directory, 'elsewhere'), files[name]);
      await expectError(files.vault().credentials(MAIN), 'VAULT_EXPOSED');
      await expectError(files.vault().put(MAIN, KEY, { replace: true }), 'VAULT_EXPOSED');
    });

    it(`refuses a directory in the place of the ${name}`, async () => {
      await rename(files[name], join(files.directory, 'elsewhere'));
      await mkdir(files[name], { mode: 0o700 });
      await expectError(files.vault().credentials(MAIN), 'VAULT_EXPOSED');
    });
  }

  it("follows a link to this user's own vault, and leaves the link in its place", async () => {
    const real = join(files.directory, 'real.json');
    await rename(files.file, real);
    await symlink(real, files.file);
    expect(await files.vault().credentials(MAIN)).to.deep.equal(KEY);
    await files.vault().put({ exchange: 'okx', account: 'main' }, KEY);
    expect((await lstat(files.file)).isSymbolicLink()).to.equal(true);
    expect((await lstat(real)).mode & 0o777).to.equal(0o600);
    expect(await files.vault().accounts()).to.have.length(2);
  });

  it('says what to do where there is no key file, and where it is no key', async () => {
    const absent = join(files.directory, 'absent.key');
    const locked = await expectError(files.vault({ keyFile: absent }).credentials(MAIN), 'VAULT_LOCKED');
    expect(locked.message).to.contain(absent).and.contain('umask 077; openssl rand');
    const empty = await files.writeKey('', join(files.directory, 'empty.key'));
    await expectError(files.vault({ keyFile: empty }).credentials(MAIN), 'CONFIG_INVALID');
    const short = await files.writeKey('hunter2', join(files.directory, 'short.key'));
    const refused = await expectError(files.vault().rekey({ keyFile: short }), 'CONFIG_INVALID');
    expect(refused.message).to.contain('7 bytes').and.not.contain('hunter2');
    expect(await files.vault().credentials(MAIN)).to.deep.equal(KEY);
  });

  it('says so when its directory cannot be written', async () => {
    const blocked = join(files.directory, 'a-file');
    await writeFile(blocked, '');
    const vault = new Vault({
      file: join(blocked, 'vault.json'),
      masterKey: { keyFile: files.keyFile },
      cost: { N: 2 ** 12, r: 8, p: 1 },
    });
    await expectError(vault.put(MAIN, KEY), 'VAULT_INACCESSIBLE');
  });
});
