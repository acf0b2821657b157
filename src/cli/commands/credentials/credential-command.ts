import type { Command } from 'commander';
import type { StartOptions } from '../../../index.js';
import { passphraseFrom } from '../../ask-passphrase.js';
import type { ExitCode } from '../../exit-code.js';
import { type Flags, quietStartOptions, withSettingsFlags } from '../../flags.js';
import type { Terminal } from '../../output.js';
import { Prompt } from '../../prompt.js';

/** What a command on credentials has at hand. */
export interface CredentialContext {
  readonly terminal: Terminal;
  /** Absent where nobody can be asked. */
  readonly prompt: Prompt | undefined;
  readonly options: StartOptions;
}

export type AddCredentialCommand = (
  parent: Command,
  terminal: Terminal,
  exit: (code: ExitCode) => void,
) => void;

export function withVaultFlags(command: Command): Command {
  return withSettingsFlags(command, ['vaultFile', 'vaultKeyFile']);
}

/** Runs the command with a terminal to ask at, where there is one, and gives that back. */
export async function withPrompt<T>(
  terminal: Terminal,
  flags: Flags,
  work: (context: CredentialContext) => Promise<T>,
): Promise<T> {
  const prompt = Prompt.open(terminal.err, { evenIfPiped: true });
  try {
    const vaultPassphrase = prompt && passphraseFrom(prompt);
    return await work({ terminal, prompt, options: { ...quietStartOptions(flags), vaultPassphrase } });
  } finally {
    prompt?.close();
  }
}
