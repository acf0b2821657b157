import type { UnlockMethod } from './vault-format.js';

/** Where the master key of a vault comes from. */
export interface MasterKey {
  readonly method: UnlockMethod;
  /** Names the source for messages: a path, the keyring. */
  readonly origin: string;
  /** Another one when the secret may have changed. Asks nobody. */
  identity(): Promise<string>;
  /** Asks the person, the file, the keyring. `new`: for a vault that is being made, so that it has to be a good one. */
  secret(purpose: 'open' | 'new'): Promise<Buffer>;
}
