import { ExchangeSyncError } from '../../domain/errors.js';
import { redactor } from '../../logging/redactor.js';
import type { MasterKey } from './master-key.js';

/**
 * Gives the passphrase of a vault, e.g. by asking a person. `new`: for a vault that is being made, so that it
 * should be asked for twice.
 */
export type PassphraseProvider = (purpose: 'open' | 'new') => string | Promise<string>;

/** Whoever has the file can try as many as he likes. */
const SHORTEST_CHARACTERS = 12;

export function passphrase(ask: PassphraseProvider): MasterKey {
  return {
    method: 'passphrase',
    origin: 'the passphrase',
    // Known only by asking, which is what the identity is there to avoid.
    identity: async () => 'passphrase',
    async secret(purpose) {
      const given: unknown = await ask(purpose);
      // Two keyboards may write the same letter in two ways.
      const text = typeof given === 'string' ? given.normalize('NFC') : '';
      if (text === '') throw tooShort('A passphrase must be given.');
      if (purpose === 'new' && [...text].length < SHORTEST_CHARACTERS) {
        throw tooShort(
          `The passphrase is too short: give at least ${SHORTEST_CHARACTERS} characters, best some words.`,
        );
      }
      redactor.add(text);
      return Buffer.from(text);
    },
  };
}

function tooShort(message: string): ExchangeSyncError {
  return new ExchangeSyncError('CONFIG_INVALID', message);
}
