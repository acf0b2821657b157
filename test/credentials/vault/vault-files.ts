import { createHash } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DerivedKeys } from '#src/credentials/vault/derived-keys.js';
import type { MasterKeyOptions } from '#src/credentials/vault/master-keys.js';
import { Vault } from '#src/credentials/vault/vault.js';

/** Derives in milliseconds; the vaults of the program take a third of a second. */
const QUICK = { N: 2 ** 12, r: 8, p: 1 };

export const MASTER_KEY = 'a master key of more than sixteen bytes';

/** A vault's JSON, for tests that change it. */
export interface VaultJson {
  format: unknown;
  version: unknown;
  unlock: unknown;
  kdf: Record<string, unknown>;
  check: string;
  accounts: Record<string, string>;
  checksum: unknown;
}

/** A directory with a key file and a vault, which is not made yet. */
export class VaultFiles {
  readonly directory: string;
  readonly file: string;
  readonly keyFile: string;

  private constructor(directory: string) {
    this.directory = directory;
    this.file = join(directory, 'vault.json');
    this.keyFile = join(directory, 'vault.key');
  }

  static async make(): Promise<VaultFiles> {
    const files = new VaultFiles(await mkdtemp(join(tmpdir(), 'exchange-sync-vault-')));
    await files.writeKey(MASTER_KEY);
    return files;
  }

  /** As another process sees it: with nothing in memory. */
  vault(masterKey: MasterKeyOptions = { keyFile: this.keyFile }, keys = new DerivedKeys()): Vault {
    return new Vault({ file: this.file, masterKey, keys, cost: QUICK });
  }

  async writeKey(content: string, path = this.keyFile): Promise<string> {
    await rm(path, { force: true });
    await writeFile(path, `${content}\n`, { mode: 0o600 });
    return path;
  }

  async read(): Promise<VaultJson> {
    return JSON.parse(await readFile(this.file, 'utf8')) as VaultJson;
  }

  /** Writes what somebody would who knows the format and not the key. */
  async forge(json: VaultJson): Promise<void> {
    const { checksum: _old, ...body } = json;
    const checksum = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    await this.write(JSON.stringify({ ...body, checksum }));
  }

  async write(text: string): Promise<void> {
    await writeFile(this.file, text);
    await chmod(this.file, 0o600);
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
