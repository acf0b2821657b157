import type { Command } from 'commander';
import { type OptionName, SETTINGS, type SettingDefinition } from '../config/setting-definitions.js';
import type { StartOptions } from '../index.js';

/** The flags that every command takes, as commander hands them over. */
export interface Flags extends Readonly<Record<string, unknown>> {
  readonly json?: boolean;
}

const VALUE_NAMES: Readonly<Record<string, string>> = {
  exchanges: 'ids',
  intervalMinutes: 'minutes',
  logLevel: 'level',
  logDir: 'directory',
  vaultFile: 'file',
  vaultKeyFile: 'file',
};

const EVERYWHERE: readonly OptionName[] = ['exchanges', 'logLevel', 'logDir'];

/** Flags of settings, with the texts of the settings' table, and `--json`. Flags beat the environment. */
export function withSettingsFlags(command: Command, more: readonly OptionName[] = []): Command {
  for (const name of [...EVERYWHERE, ...more]) {
    const { flag, description, defaultText }: SettingDefinition = SETTINGS[name];
    const ending = defaultText === undefined ? '' : ` (default: ${defaultText})`;
    command.option(`${flag} <${VALUE_NAMES[name] ?? 'value'}>`, `${description}${ending}`);
  }
  return command.option('--json', 'Print JSON for programs instead of tables for people.');
}

/** What the flags say, as options of `start()`, where they are checked like everything else. */
export function startOptions(flags: Flags): StartOptions {
  const options: Record<string, unknown> = {};
  for (const [name, { flag }] of Object.entries<SettingDefinition>(SETTINGS)) {
    const value = flag === undefined ? undefined : flags[attributeName(flag)];
    if (value !== undefined) options[name] = value;
  }
  return options;
}

/** For commands that only look: what goes well is not worth a line on the terminal. */
export function quietStartOptions(flags: Flags): StartOptions {
  return { logLevel: 'WARNING', ...startOptions(flags) };
}

/** commander's name for a flag: `--log-dir` becomes `logDir`. */
function attributeName(flag: string): string {
  return flag.slice(2).replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
}
