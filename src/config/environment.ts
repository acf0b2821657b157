import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ExchangeSyncError } from '../domain/errors.js';

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentSource {
  /** Used alone when given. */
  readonly env?: Environment | undefined;
  /** Where `.env` is looked for; the working directory by default. */
  readonly directory?: string;
}

/**
 * The environment as it is now: the process's, over what a `.env` file says. Neither is changed. Rejects a
 * `.env` file that is there and cannot be read with CONFIG_INVALID.
 */
export function readEnvironment({ env, directory = process.cwd() }: EnvironmentSource = {}): Environment {
  return env ?? { ...readEnvFile(join(directory, '.env')), ...process.env };
}

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(assignments(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')));
  } catch (error: unknown) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return {};
    throw new ExchangeSyncError(
      'CONFIG_INVALID',
      `${path} cannot be read (${code ?? 'not a file of NAME=value lines'}); make it readable or remove it`,
      { cause: error, details: { path } },
    );
  }
}

/** `NAME=value`, also with `export` before it; a quoted value may run over several lines. */
const ASSIGNMENT =
  /^[^\S\r\n]*(?:export[^\S\r\n]+)?[\w.-]+[^\S\r\n]*=[^\S\r\n]*(?:"[^"]*"|'[^']*'|`[^`]*`|[^\r\n]*)/gm;

/** Node takes a line without `=` for the beginning of the next one's name, and gives up at one without a name. */
function assignments(text: string): string {
  return (text.match(ASSIGNMENT) ?? []).join('\n');
}
