import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { VaultFiles } from './vault-files.js';

const script = (name: string) => fileURLToPath(new URL(`./processes/${name}.js`, import.meta.url));
const MAIN = { exchange: 'bybit', account: 'main' };
const KEY = { apiKey: 'the-key-of-main', secret: 'the-secret-of-main' };

describe('processes that write a vault', () => {
  let files: VaultFiles;

  beforeEach(async () => {
    files = await VaultFiles.make();
  });

  afterEach(() => files.remove());

  const add = (names: readonly string[], nodeArguments: readonly string[] = []) =>
    promisify(execFile)(process.execPath, [
      ...nodeArguments,
      script('add-accounts'),
      files.file,
      files.keyFile,
      ...names,
    ]);

  it('lose nothing of each other, also when both make it', async () => {
    const writers = ['a', 'b', 'c'].map((prefix) => Array.from({ length: 12 }, (_, i) => `${prefix}${i}`));
    await Promise.all(writers.map((names) => add(names)));
    const accounts = (await files.vault().accounts()).map(({ account }) => account);
    expect(accounts).to.have.members(writers.flat());
    expect(await files.vault().credentials({ exchange: 'bybit', account: 'b7' })).to.have.property(
      'apiKey',
      'key-of-b7',
    );
    expect(await readdir(files.directory)).to.have.members(['vault.json', 'vault.key']);
  });

  it('lose nothing of each other within one process', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `n${i}`);
    await Promise.all(names.map((account) => files.vault().put({ exchange: 'bybit', account }, KEY)));
    expect(await files.vault().accounts()).to.have.length(8);
  });

  it('leave the old vault when they die before the new one has its name', async () => {
    await files.vault().put(MAIN, KEY);
    const before = await readFile(files.file, 'utf8');
    const died = await add(['sub1'], ['--import', script('die-before-rename')]).catch(
      (error: unknown) => error as { signal?: string },
    );
    expect(died).to.have.property('signal', 'SIGKILL');
    expect(await readFile(files.file, 'utf8')).to.equal(before);
    expect(await readdir(files.directory)).to.have.length.greaterThan(2);
    // The next one breaks the dead one's lock and clears up after it.
    await add(['sub2']);
    expect(await readdir(files.directory)).to.have.members(['vault.json', 'vault.key']);
    expect((await files.vault().accounts()).map(({ account }) => account)).to.deep.equal(['main', 'sub2']);
    expect(await files.vault().credentials(MAIN)).to.deep.equal(KEY);
  });
});
