import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Credentials } from '#src/credentials/credentials.js';
import { DerivedKeys } from '#src/credentials/vault/derived-keys.js';
import { Vault } from '#src/credentials/vault/vault.js';
import { VaultFiles } from '../../credentials/vault/vault-files.js';
import { Terminal } from './terminal.js';

const API_KEY = 'canary-api-key-1';
const API_SECRET = 'canary-api-secret-2';
const PASSPHRASE = 'canary horse battery staple';

function hasScript(): boolean {
  try {
    return execFileSync('script', ['--version'], { encoding: 'utf8' }).includes('util-linux');
  } catch {
    return false;
  }
}

describe('prompts of the command line', function () {
  this.timeout(60_000);
  let files: VaultFiles;
  let terminals: Terminal[];
  let env: NodeJS.ProcessEnv;

  before(function () {
    // Only that one can pass a program's exit code on.
    if (!hasScript()) this.skip();
  });

  beforeEach(async () => {
    files = await VaultFiles.make();
    terminals = [];
    env = { PATH: process.env.PATH, HOME: files.directory, EXCHANGE_SYNC_VAULT_FILE: files.file };
  });

  afterEach(async () => {
    for (const terminal of terminals) terminal.kill();
    await files.remove();
  });

  function run(...args: readonly string[]): Terminal {
    const terminal = new Terminal(args, env, files.directory);
    terminals.push(terminal);
    return terminal;
  }

  function stored(account = 'main'): Promise<Credentials | undefined> {
    const vault = new Vault({
      file: files.file,
      masterKey: { passphrase: () => PASSPHRASE },
      keys: new DerivedKeys(),
    });
    return vault.credentials({ exchange: 'bybit', account });
  }

  async function addMain(): Promise<Terminal> {
    const terminal = run('credentials', 'add', 'bybit');
    await terminal.answer(/API key \(hidden\): /, `${API_KEY}\r`);
    await terminal.answer(/API secret \(hidden\): /, `${API_SECRET}\r`);
    await terminal.answer(/New passphrase for the vault: /, `${PASSPHRASE}\r`);
    await terminal.answer(/The same again: /, `${PASSPHRASE}\r`);
    expect(await terminal.ended(), terminal.shown).to.equal(0);
    return terminal;
  }

  it('ask for keys and a new passphrase, and show nothing of what is typed', async () => {
    const { shown } = await addMain();
    expect(shown).to.contain('The keys of bybit/main are in the vault');
    for (const secret of [API_KEY, API_SECRET, PASSPHRASE]) expect(shown).not.to.contain(secret);
    expect(shown).not.to.contain('canary');
    expect(await stored()).to.deep.equal({ apiKey: API_KEY, secret: API_SECRET });
  });

  it('take several lines that were pasted at once', async () => {
    const terminal = run('credentials', 'add', 'bybit');
    await terminal.answer(/API key \(hidden\): /, `${API_KEY}\r${API_SECRET}\r`);
    await terminal.answer(/New passphrase for the vault: /, `${PASSPHRASE}\r${PASSPHRASE}\r`);
    expect(await terminal.ended(), terminal.shown).to.equal(0);
    expect(terminal.shown).not.to.contain('canary');
    expect(await stored()).to.deep.equal({ apiKey: API_KEY, secret: API_SECRET });
  });

  it('refuse two passphrases that differ, and make no vault', async () => {
    const terminal = run('credentials', 'add', 'bybit');
    await terminal.answer(/API key \(hidden\): /, `${API_KEY}\r`);
    await terminal.answer(/API secret \(hidden\): /, `${API_SECRET}\r`);
    await terminal.answer(/New passphrase for the vault: /, `${PASSPHRASE}\r`);
    await terminal.answer(/The same again: /, `${PASSPHRASE}s\r`);
    expect(await terminal.ended()).to.equal(2);
    expect(terminal.shown).to.contain('differ').and.not.contain('canary');
    expect(await stored()).to.equal(undefined);
  });

  it('say which field was left empty', async () => {
    const terminal = run('credentials', 'add', 'okx/sub1');
    await terminal.answer(/API key \(hidden\): /, `${API_KEY}\r`);
    await terminal.answer(/API secret \(hidden\): /, `${API_SECRET}\r`);
    await terminal.answer(/API passphrase \(hidden\): /, '\r');
    expect(await terminal.ended()).to.equal(2);
    expect(terminal.shown).to.contain('okx/sub1 lacks password').and.not.contain('canary');
  });

  it('ask before they replace or remove, and take anything but yes for no', async () => {
    await addMain();
    const before = await readFile(files.file, 'utf8');
    const replacing = run('credentials', 'add', 'bybit');
    await replacing.answer(/Passphrase of the vault: /, `${PASSPHRASE}\r`);
    await replacing.answer(/Replace them\? \[y\/N\] /, '\r');
    expect(await replacing.ended()).to.equal(0);
    expect(replacing.shown).to.contain('Nothing was changed');
    expect(await readFile(files.file, 'utf8')).to.equal(before);

    const removing = run('credentials', 'remove', 'bybit');
    await removing.answer(/Passphrase of the vault: /, `${PASSPHRASE}\r`);
    await removing.answer(/for good\? \[y\/N\] /, 'y\r');
    expect(await removing.ended()).to.equal(0);
    expect(await stored()).to.equal(undefined);
  });

  it('end by Ctrl-C with 130, with the old vault in its place', async () => {
    await addMain();
    const before = await readFile(files.file, 'utf8');
    const terminal = run('credentials', 'add', 'bybit', '--force');
    await terminal.answer(/Passphrase of the vault: /, `${PASSPHRASE}\r`);
    await terminal.answer(/API key \(hidden\): /, 'canary-half-a-key');
    await terminal.answer(/^/, '\u0003');
    expect(await terminal.ended()).to.equal(130);
    expect(terminal.shown).not.to.contain('canary');
    expect(await readFile(files.file, 'utf8')).to.equal(before);
  });

  it('ask for the passphrase at the terminal when keys come through a pipe', async () => {
    await addMain();
    await writeFile(join(files.directory, 'sub.json'), JSON.stringify({ apiKey: 'k', secret: 's' }));
    const piped = new Terminal(
      ['credentials', 'add', 'bybit/sub1'],
      env,
      files.directory,
      join(files.directory, 'sub.json'),
    );
    terminals.push(piped);
    await piped.answer(/Passphrase of the vault: /, `${PASSPHRASE}\r`);
    expect(await piped.ended(), piped.shown).to.equal(0);
    expect(await stored('sub1')).to.deep.equal({ apiKey: 'k', secret: 's' });
  });

  it('give the vault another passphrase, or a key file', async () => {
    await addMain();
    const rekeying = run('credentials', 'rekey');
    await rekeying.answer(/Passphrase of the vault: /, `${PASSPHRASE}\r`);
    await rekeying.answer(/New passphrase for the vault: /, 'another horse and staple\r');
    await rekeying.answer(/The same again: /, 'another horse and staple\r');
    expect(await rekeying.ended(), rekeying.shown).to.equal(0);
    expect(rekeying.shown).not.to.contain('horse');

    const toFile = run('credentials', 'rekey', '--new-key-file', files.keyFile);
    await toFile.answer(/Passphrase of the vault: /, 'another horse and staple\r');
    expect(await toFile.ended(), toFile.shown).to.equal(0);
    expect(toFile.shown).to.contain(`EXCHANGE_SYNC_VAULT_KEY_FILE=${files.keyFile}`);
    const vault = new Vault({
      file: files.file,
      masterKey: { keyFile: files.keyFile },
      keys: new DerivedKeys(),
    });
    expect(await vault.credentials({ exchange: 'bybit', account: 'main' })).to.have.property(
      'apiKey',
      API_KEY,
    );
  });

  it('ask a service for its passphrase at the start, which a wrong one or Ctrl-C ends', async () => {
    await addMain();
    const wrong = run('run', '--log-level=CRITICAL');
    await wrong.answer(/Passphrase of the vault: /, 'a wrong horse and staple\r');
    expect(await wrong.ended(), wrong.shown).to.equal(2);
    expect(wrong.shown).to.contain('VAULT_KEY_WRONG').and.not.contain('horse');
    const interrupted = run('run', '--log-level=CRITICAL');
    await interrupted.answer(/Passphrase of the vault: /, '\u0003');
    expect(await interrupted.ended(), interrupted.shown).to.equal(130);
    await rm(join(files.directory, 'logs'), { recursive: true, force: true });
  });
});
