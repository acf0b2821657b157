import type { Command } from 'commander';
import type { ExitCode } from '../../exit-code.js';
import type { Terminal } from '../../output.js';
import { addAddCommand } from './add-command.js';
import type { AddCredentialCommand } from './credential-command.js';
import { addListCommand } from './list-command.js';
import { addRekeyCommand } from './rekey-command.js';
import { addRemoveCommand } from './remove-command.js';
import { addTestCommand } from './test-command.js';

const COMMANDS: readonly AddCredentialCommand[] = [
  addAddCommand,
  addListCommand,
  addRemoveCommand,
  addTestCommand,
  addRekeyCommand,
];

/** `credentials`: keys in the vault, and whether they are good. */
export function addCredentialsCommand(
  program: Command,
  terminal: Terminal,
  exit: (code: ExitCode) => void,
): void {
  const parent = program
    .command('credentials')
    .description("keep accounts' keys in an encrypted vault, and test them");
  for (const add of COMMANDS) add(parent, terminal, exit);
}
