import { accountId } from '../../../domain/account.js';
import { addCredentials, hasCredentials } from '../../../index.js';
import type { Flags } from '../../flags.js';
import { printJson } from '../../output.js';
import { type AddCredentialCommand, withPrompt, withVaultFlags } from './credential-command.js';
import { givenCredentials } from './given-credentials.js';

interface AddFlags extends Flags {
  readonly force?: boolean;
  readonly keyring?: boolean;
}

const HELP = `
Secrets are asked for without echo, or read from stdin as a JSON object with the fields apiKey, secret,
password, uid, ... They are never arguments: those can be seen by every user of the machine.`;

export const addAddCommand: AddCredentialCommand = (parent, terminal) => {
  withVaultFlags(
    parent
      .command('add <account>')
      .description("put an account's keys into the vault: bybit, or bybit/sub1")
      .option('--force', 'Replace what the vault holds of the account, without asking.')
      .option('--keyring', "For a new vault: keep its master key in the desktop's keyring.")
      .addHelpText('after', HELP),
  ).action(async (target: string, flags: AddFlags) => {
    const added = await withPrompt(terminal, flags, async ({ prompt, options }) => {
      // Whether it may be stored is found out before anybody types a secret.
      const replaces = await hasCredentials(target, options);
      const confirmed = replaces && flags.force !== true && prompt !== undefined;
      if (confirmed && !(await prompt.confirm(`The vault holds keys of ${target} already. Replace them?`))) {
        return undefined;
      }
      const [exchange = ''] = target.toLowerCase().split('/');
      const given = await givenCredentials(exchange.trim(), prompt);
      const replace = flags.force === true || confirmed;
      return await addCredentials(target, given, { replace, useKeyring: flags.keyring === true }, options);
    });
    if (added === undefined) terminal.err.write('Nothing was changed.\n');
    else if (flags.json === true) printJson(terminal, added);
    else {
      terminal.out.write(`The keys of ${accountId(added)} are in the vault ${added.file}.\n`);
      const next = added.configured
        ? `exchange-sync credentials test ${accountId(added)}`
        : `add ${added.exchange} to EXCHANGE_SYNC_EXCHANGES, which does not name it`;
      terminal.out.write(`Next: ${next}\n`);
    }
  });
};
