import { ExchangeSyncError } from '../domain/errors.js';
import type { PassphraseProvider } from '../index.js';
import type { Prompt } from './prompt.js';

/** Asks for the vault's passphrase; twice where it is a new one, for nobody sees what is typed. */
export function passphraseFrom(prompt: Prompt): PassphraseProvider {
  return async (purpose) => {
    if (purpose === 'open') return await prompt.hidden('Passphrase of the vault: ');
    const first = await prompt.hidden('New passphrase for the vault: ');
    const second = await prompt.hidden('The same again: ');
    if (first === second) return first;
    throw new ExchangeSyncError('CONFIG_INVALID', 'The two passphrases differ; nothing was changed.');
  };
}

/** The same once: a service that runs asks nobody. */
export function passphraseAtStart(prompt: Prompt): PassphraseProvider {
  let asked = false;
  return async (purpose) => {
    if (asked) {
      throw new ExchangeSyncError(
        'VAULT_LOCKED',
        'The vault was given another master key while this runs; start it again.',
      );
    }
    asked = true;
    try {
      return await passphraseFrom(prompt)(purpose);
    } finally {
      prompt.close();
    }
  };
}
