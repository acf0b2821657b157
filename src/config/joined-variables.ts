import { parseAccountVariable } from './account-variables.js';
import type { Environment } from './environment.js';
import { SETTINGS } from './setting-definitions.js';
import type { ProblemList } from './setting-values.js';

const SETTING_VARIABLES: ReadonlySet<string> = new Set(
  Object.values(SETTINGS).map(({ variable }) => variable),
);

/**
 * A shell takes `A=1 B=2` for two variables, a `.env` file for one. The environment without those that hold
 * a second one of ours: their values may hold a secret, which no message about a bad value may show.
 */
export function withoutJoinedVariables(environment: Environment, problems: ProblemList): Environment {
  const kept: Record<string, string | undefined> = {};
  for (const [variable, value] of Object.entries(environment)) {
    const second = isOurs(variable) ? secondVariable(value) : undefined;
    if (second === undefined) kept[variable] = value;
    else
      problems.addMessage(variable, {
        message: `its value goes on with ${second}=; write one variable per line`,
      });
  }
  return kept;
}

function secondVariable(value: string | undefined): string | undefined {
  const names = [...(value ?? '').matchAll(/\s([A-Z][A-Z0-9_]*)=/g)].map(([, name = '']) => name);
  return names.find(isOurs);
}

function isOurs(variable: string): boolean {
  return SETTING_VARIABLES.has(variable) || parseAccountVariable(variable) !== undefined;
}
