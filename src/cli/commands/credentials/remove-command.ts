import { accountId } from '../../../domain/account.js';
import { ExchangeSyncError } from '../../../domain/errors.js';
import { hasCredentials, removeCredentials } from '../../../index.js';
import type { Flags } from '../../flags.js';
import { printJson } from '../../output.js';
import { type AddCredentialCommand, withPrompt, withVaultFlags } from './credential-command.js';

interface RemoveFlags extends Flags {
  readonly force?: boolean;
}

export const addRemoveCommand: AddCredentialCommand = (parent, terminal) => {
  withVaultFlags(
    parent
      .command('remove <account>')
      .description("take an account's keys out of the vault: bybit, or bybit/sub1")
      .option('--force', 'Do not ask.'),
  ).action(async (target: string, flags: RemoveFlags) => {
    const removed = await withPrompt(terminal, flags, async ({ prompt, options }) => {
      if (flags.force !== true && (await hasCredentials(target, options))) {
        if (prompt === undefined) throw unconfirmed(target);
        if (!(await prompt.confirm(`Remove the keys of ${target} for good?`))) return undefined;
      }
      return await removeCredentials(target, options);
    });
    if (removed === undefined) terminal.err.write('Nothing was changed.\n');
    else if (flags.json === true) printJson(terminal, removed);
    else terminal.out.write(`The keys of ${accountId(removed)} are no longer in the vault.\n`);
  });
};

function unconfirmed(target: string): ExchangeSyncError {
  return new ExchangeSyncError(
    'CONFIG_INVALID',
    `There is no terminal to ask whether to remove the keys of ${target}; use --force. Nothing was changed.`,
  );
}
