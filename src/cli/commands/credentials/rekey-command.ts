import { resolve } from 'node:path';
import { rekeyVault } from '../../../index.js';
import type { Flags } from '../../flags.js';
import { printJson } from '../../output.js';
import { type AddCredentialCommand, withPrompt, withVaultFlags } from './credential-command.js';

interface RekeyFlags extends Flags {
  readonly newKeyFile?: string;
  readonly keyring?: boolean;
}

export const addRekeyCommand: AddCredentialCommand = (parent, terminal) => {
  withVaultFlags(
    parent
      .command('rekey')
      .description('give the vault another master key: a passphrase, unless an option names something else')
      .option('--new-key-file <file>', 'The content of this file (mode 0600) is the new master key.')
      .option('--keyring', "A random one in the desktop's keyring is."),
  ).action(async (flags: RekeyFlags) => {
    const { newKeyFile, keyring = false } = flags;
    const keyFile = newKeyFile === undefined ? undefined : resolve(newKeyFile);
    const { file } = await withPrompt(terminal, flags, ({ options }) =>
      rekeyVault({ keyFile, useKeyring: keyring, passphrase: options.vaultPassphrase }, options),
    );
    if (flags.json === true) printJson(terminal, { file });
    else terminal.out.write(`The vault ${file} has another master key.\n${nextStep(keyFile)}\n`);
  });
};

function nextStep(keyFile: string | undefined): string {
  return keyFile === undefined
    ? 'Next: take EXCHANGE_SYNC_VAULT_KEY_FILE out of the environment, if it is set, and start what runs again.'
    : `Next: set EXCHANGE_SYNC_VAULT_KEY_FILE=${keyFile}, and start what runs again.`;
}
