import { randomBytes } from 'node:crypto';
import { redactor } from '../../logging/redactor.js';
import type { KeyDerivation } from './derive-key.js';
import type { MasterKey } from './master-key.js';
import { vaultError } from './vault-errors.js';

/** What we use of `@napi-rs/keyring`, an optional peer dependency. */
export interface KeyringModule {
  readonly AsyncEntry: new (
    service: string,
    username: string,
    options?: object,
  ) => {
    getPassword(): Promise<string | null | undefined>;
    setPassword(password: string): Promise<void>;
  };
}

const PACKAGE = '@napi-rs/keyring';
const SERVICE = 'exchange-sync vault';
const KEY_BYTES = 32;

/** The kernel's keyring, which the package would fall back to, forgets everything when the machine restarts. */
const LASTING = Object.freeze({ linux: { store: 'secret-service' } });

// By a variable: the compiler would want the package to be there.
const loadKeyring = (): Promise<KeyringModule> => import(PACKAGE) as Promise<KeyringModule>;

/**
 * A random master key in the desktop's keyring, by the path of its vault and the salt: a vault that gets another
 * master key also gets another salt, so that the old key is there until the new file is.
 */
export function keyring(
  vaultFile: string,
  { salt }: Pick<KeyDerivation, 'salt'>,
  load: () => Promise<KeyringModule> = loadKeyring,
): MasterKey {
  async function entry() {
    const { AsyncEntry } = await load();
    return new AsyncEntry(SERVICE, `${vaultFile} ${salt}`, LASTING);
  }
  async function stored(): Promise<string | undefined> {
    return (await guarded(vaultFile, async () => (await entry()).getPassword())) ?? undefined;
  }
  return {
    method: 'keyring',
    origin: "the desktop's keyring",
    identity: async () => 'keyring',
    async secret(purpose) {
      if (purpose === 'new') {
        const fresh = randomBytes(KEY_BYTES).toString('base64');
        await guarded(vaultFile, async () => (await entry()).setPassword(fresh));
      }
      // What counts is what it gives back.
      const secret = await stored();
      if (!secret) {
        throw vaultError(
          'VAULT_LOCKED',
          vaultFile,
          `The desktop's keyring holds no master key for ${vaultFile}. It is bound to that path and to this desktop: unlock the keyring, or open the vault where it was made.`,
        );
      }
      redactor.add(secret);
      return Buffer.from(secret);
    },
  };
}

/** A desktop without a keyring, or a locked one, is told to the person and harms nothing. */
async function guarded<T>(vaultFile: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error: unknown) {
    const missing =
      (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND' ||
      (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
    const reason = missing
      ? `install it beside exchange-sync: npm install ${PACKAGE}`
      : `${error instanceof Error ? error.message : String(error)}; unlock it, or use a key file (EXCHANGE_SYNC_VAULT_KEY_FILE) or a passphrase`;
    throw vaultError(
      'VAULT_LOCKED',
      vaultFile,
      `The desktop's keyring cannot be used for the vault ${vaultFile}: ${reason}.`,
      error,
    );
  }
}
