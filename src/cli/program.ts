import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ExchangeSyncError } from '../domain/errors.js';
import { addBackfillCommand } from './commands/backfill-command.js';
import { addCoverageCommand } from './commands/coverage-command.js';
import { addCredentialsCommand } from './commands/credentials/credentials-command.js';
import { addDbCommand } from './commands/db-command.js';
import { addDemoCommand } from './commands/demo-command.js';
import { addHistoryCommand } from './commands/history-command.js';
import { addMigrateCommand } from './commands/migrate-command.js';
import { addPortfolioCommand } from './commands/portfolio-command.js';
import { addProofCommand } from './commands/proof-command.js';
import { addRepairCommand } from './commands/repair-command.js';
import { addRunCommand } from './commands/run-command.js';
import { addStatusCommand } from './commands/status-command.js';
import { ExitCode, exitCodeOfError } from './exit-code.js';
import type { Terminal } from './output.js';
import { PromptInterrupted } from './prompt.js';

/** Runs one command line; resolves with the exit code and never rejects. */
export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.OK;
  const program = new Command('exchange-sync')
    .description('Keeps a true, always fresh copy of your exchange accounts in your own PostgreSQL.')
    .version(packageVersion())
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      // Somebody may have taken a secret for an option's value.
      outputError: (text, write) => write(text.replace(/(unknown option '[^=']+)=[^\n]*'/, "$1'")),
    })
    .addHelpText('after', AFTER_HELP)
    .exitOverride();
  const exit = (code: ExitCode) => {
    exitCode = code;
  };
  addRunCommand(program, terminal, exit);
  addStatusCommand(program, terminal);
  addPortfolioCommand(program, terminal);
  addHistoryCommand(program, terminal);
  addBackfillCommand(program, terminal, exit);
  addCoverageCommand(program, terminal);
  addProofCommand(program, terminal, exit);
  addRepairCommand(program, terminal, exit);
  addMigrateCommand(program, terminal);
  addCredentialsCommand(program, terminal, exit);
  addDbCommand(program, terminal);
  addDemoCommand(program, terminal, exit);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.OK : ExitCode.USAGE;
    if (error instanceof PromptInterrupted) return ExitCode.SIGINT;
    terminal.err.write(`${describe(error)}\n`);
    return exitCodeOfError(error);
  }
}

const AFTER_HELP = `
To begin, write a file .env with one variable per line, and run it once:
  EXCHANGE_SYNC_EXCHANGES=bybit
  BYBIT_API_KEY=...
  BYBIT_API_SECRET=...
  $ exchange-sync run --one-time

Settings come from flags, the environment and .env: see docs/configuration.md.
Exit codes: 0 all ok; 1 failed; 2 bad configuration or usage; 3 partial,
skipped or not proven; 130 and 143 stopped by SIGINT and SIGTERM.`;

/** A defect of this program shows where it is; every other message stands for itself. */
function describe(error: unknown): string {
  if (error instanceof ExchangeSyncError && error.code !== 'INTERNAL')
    return `${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function packageVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}
