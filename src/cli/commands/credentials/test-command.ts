import { accountId } from '../../../domain/account.js';
import type { CredentialTest, ScopeTest } from '../../../domain/credential-report.js';
import { testCredentials } from '../../../index.js';
import { ExitCode } from '../../exit-code.js';
import type { Flags } from '../../flags.js';
import { type Column, formatTable, printJson, type Terminal } from '../../output.js';
import { type AddCredentialCommand, withPrompt, withVaultFlags } from './credential-command.js';

export const addTestCommand: AddCredentialCommand = (parent, terminal, exit) => {
  withVaultFlags(
    parent
      .command('test [target]')
      .description('ask the exchanges what the keys can read: all of them, those of bybit, or of bybit/sub1'),
  ).action(async (target: string | undefined, flags: Flags) => {
    const tests = await withPrompt(terminal, flags, ({ options }) => testCredentials(target, options));
    if (flags.json === true) printJson(terminal, tests);
    else terminal.out.write(formatTests(tests, terminal.out));
    exit(exitCodeOf(tests));
  });
};

type Row = ScopeTest & Pick<CredentialTest, 'exchange' | 'account' | 'source'>;

const COLUMNS: readonly Column<Row>[] = [
  { title: 'account', cell: accountId },
  { title: 'source', cell: ({ source }) => source },
  { title: 'data', cell: ({ dataType }) => dataType },
  { title: 'scope', cell: ({ scope }) => scope },
  { title: 'readable', cell: ({ readable, error }) => (readable ? 'yes' : (error?.code ?? 'no')) },
];

function formatTests(tests: readonly CredentialTest[], out: Terminal['out']): string {
  const rows = tests.flatMap(({ exchange, account, source, scopes }) =>
    scopes.map((scope) => ({ exchange, account, source, ...scope })),
  );
  return [rows.length === 0 ? '' : `${formatTable(rows, COLUMNS, out)}\n`, ...tests.map(formatOutcome)].join(
    '',
  );
}

const OUTCOMES: Readonly<Record<CredentialTest['status'], string>> = {
  ok: 'the key can read everything',
  partial: 'the key can read a part',
  failed: 'the key can read nothing',
};

/** The same refusal of several scopes is said once. */
function formatOutcome(test: CredentialTest): string {
  const problems = [test.error, ...test.scopes.map(({ error }) => error)].flatMap((error) => error ?? []);
  const lines = new Set(problems.map(({ code, message }) => `  ${code}: ${message}\n`));
  const resumed = test.resumed ? '; it is no longer suspended' : '';
  const outcome = test.error === null ? OUTCOMES[test.status] : 'was not tested';
  return `${accountId(test)}: ${outcome}${resumed}\n${[...lines].join('')}`;
}

function exitCodeOf(tests: readonly CredentialTest[]): ExitCode {
  if (tests.some(({ status }) => status === 'failed')) return ExitCode.FAILED;
  return tests.every(({ status }) => status === 'ok') ? ExitCode.OK : ExitCode.PARTIAL;
}
