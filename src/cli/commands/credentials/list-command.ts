import { accountId } from '../../../domain/account.js';
import type { CredentialListing } from '../../../domain/credential-report.js';
import { listCredentials } from '../../../index.js';
import type { Flags } from '../../flags.js';
import { type Column, formatTable, printJson } from '../../output.js';
import { type AddCredentialCommand, withPrompt, withVaultFlags } from './credential-command.js';

const COLUMNS: readonly Column<CredentialListing>[] = [
  { title: 'account', cell: accountId },
  { title: 'source', cell: ({ source }) => source },
  { title: 'fields that are set', cell: ({ fields }) => fields?.join(', ') ?? null },
  { title: 'note', cell: noteOf },
];

export const addListCommand: AddCredentialCommand = (parent, terminal) => {
  withVaultFlags(
    parent
      .command('list')
      .description('show which accounts there are keys for, and where from; no part of any key'),
  ).action(async (flags: Flags) => {
    const listings = await withPrompt(terminal, flags, ({ options }) => listCredentials(options));
    if (flags.json === true) printJson(terminal, listings);
    else if (listings.length === 0) {
      terminal.out.write('There are no credentials yet: exchange-sync credentials add\n');
    } else terminal.out.write(formatTable(listings, COLUMNS, terminal.out));
  });
};

function noteOf({ exchange, source, fields, missing, shadowed, configured }: CredentialListing): string {
  const notes = [
    ...(fields === null ? [`the ${source} is locked`] : []),
    ...(missing.length === 0 ? [] : [`lacks ${missing.join(' and ')}`]),
    ...(shadowed.length === 0 ? [] : [`not used: ${shadowed.join(', ')}`]),
    ...(configured ? [] : [`${exchange} is not in EXCHANGE_SYNC_EXCHANGES`]),
  ];
  return notes.join('; ');
}
