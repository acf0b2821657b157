import { mkdir, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ExchangeSyncError } from '../../domain/errors.js';
import { writeFileAtomically } from '../../files/atomic-file.js';
import { hasCode } from '../../files/error-code.js';
import { withFileLock } from '../../files/file-lock.js';
import { removeLeftovers } from '../../files/temporary-name.js';
import { readPrivateFile } from './private-file.js';
import { inaccessible, vaultError } from './vault-errors.js';
import { parseVault, printVault, type VaultFile } from './vault-format.js';

export interface StoredVault {
  readonly content: VaultFile;
  /** Another one whenever the file was replaced or written to. */
  readonly identity: string;
}

/** For another process to finish its change, which takes milliseconds once its key is derived. */
const PATIENCE_MS = 10_000;

/** A vault's file: read when it has changed, replaced as a whole by one process at a time. */
export class VaultStore {
  readonly #path: string;
  #last: StoredVault | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** `undefined`: there is no vault. Looks each time whether others can read the file by now. */
  async read(): Promise<StoredVault | undefined> {
    const last = this.#last;
    const file = await readPrivateFile(this.#path, 'the vault', last?.identity);
    if (file === undefined || file.identity === last?.identity) {
      this.#last = file === undefined ? undefined : last;
      return this.#last;
    }
    const content = parseVault(file.content.toString('utf8'), this.#path);
    this.#last = { content, identity: file.identity };
    return this.#last;
  }

  /**
   * Replaces the file by what `change` makes of it. Processes wait for each other, so that none loses what
   * another one has written. Until the new file is there in full, the old one is.
   */
  async change(change: (stored: StoredVault | undefined) => Promise<VaultFile>): Promise<void> {
    try {
      await mkdir(dirname(this.#path), { recursive: true });
      const target = await this.#target();
      const busy = (holder: string) => this.#busy(`is being changed by another process (${holder})`);
      await withFileLock(`${target}.lock`, { patienceMs: PATIENCE_MS, busy }, async () => {
        for (const path of [target, `${target}.lock`]) await removeLeftovers(dirname(target), path);
        const before = await this.read();
        const content = printVault(await change(before));
        // A second defence, should two have broken a dead process's lock at the same moment.
        if ((await this.read())?.identity !== before?.identity) {
          throw this.#busy('was changed at the same time by something else');
        }
        await writeFileAtomically(target, content, ownerOfProcess());
      });
    } catch (error: unknown) {
      if (error instanceof ExchangeSyncError) throw error;
      throw inaccessible(this.#path, 'written', error);
    }
  }

  /** Where a link leads, so that the file is replaced and not the link. */
  async #target(): Promise<string> {
    try {
      return await realpath(this.#path);
    } catch (error: unknown) {
      if (hasCode(error, 'ENOENT')) return this.#path;
      throw error;
    }
  }

  #busy(what: string): ExchangeSyncError {
    return vaultError('VAULT_BUSY', this.#path, `The vault ${this.#path} ${what}; try again.`);
  }
}

function ownerOfProcess() {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}
