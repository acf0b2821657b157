import { EXCHANGE_DIRECTORY } from '../domain/exchange-directory.js';
import {
  ACCOUNT_FIELDS,
  accountVariables,
  CREDENTIAL_VARIABLES,
  parseAccountVariable,
} from './account-variables.js';
import type { Environment } from './environment.js';
import { didYouMean, nearMatches } from './near-matches.js';
import { SETTINGS } from './setting-definitions.js';

const VARIABLES = Object.values(SETTINGS).map(({ variable }) => variable);

/** What other programs call our `DB_*`. */
const FOREIGN_NAMES: Readonly<Record<string, string>> = {
  DB_PASSWORD: 'DB_PASS',
  DB_USERNAME: 'DB_USER',
  DB_DATABASE: 'DB_NAME',
  DB_HOSTNAME: 'DB_HOST',
};

/** Variables that look like ours and are not, or that probably mean something else than they say. */
export function variableWarnings(environment: Environment, exchanges: readonly string[]): readonly string[] {
  const names = Object.keys(environment).filter((name) => environment[name] !== undefined);
  return [
    ...names.flatMap(misspeltSetting),
    ...names.flatMap((name) => misspeltAccountVariable(name, exchanges)),
    ...names.flatMap((name) => foreignName(name, environment)),
    ...accountsNamedLikeExchanges(environment),
  ];
}

function misspeltSetting(name: string): readonly string[] {
  if (!name.startsWith('EXCHANGE_SYNC_') || VARIABLES.includes(name)) return [];
  const question = didYouMean(name, VARIABLES);
  return question === '' ? [] : [`${name} is not a setting${question}`];
}

function misspeltAccountVariable(name: string, exchanges: readonly string[]): readonly string[] {
  const [prefix = '', ...rest] = name.split('_');
  if (!exchanges.includes(prefix.toLowerCase()) || parseAccountVariable(name) !== undefined) return [];
  const tail = rest.join('_');
  if (ACCOUNT_FIELDS.some((field) => tail.endsWith(`_${field}`))) {
    return [`${name} is ignored: an account's name has letters and digits only, e.g. ${prefix}_SUB1_API_KEY`];
  }
  // SECRET and PASSPHRASE are too far from their right names for a slip of the pen.
  const meant = /(^|_)SECRET(_KEY)?$/.test(tail)
    ? 'API_SECRET'
    : /(^|_)PASS(PHRASE|WORD)$/.test(tail)
      ? 'API_PASSWORD'
      : nearMatches(tail, ACCOUNT_FIELDS)[0];
  return meant === undefined ? [] : [`${name} is not a setting; did you mean ${prefix}_${meant}?`];
}

function foreignName(name: string, environment: Environment): readonly string[] {
  const ours = Object.hasOwn(FOREIGN_NAMES, name) ? FOREIGN_NAMES[name] : undefined;
  const usesVariables = environment.DB_HOST !== undefined || environment.DB_NAME !== undefined;
  if (ours === undefined || environment[ours] !== undefined || !usesVariables) return [];
  return [`${name} is not a setting; did you mean ${ours}?`];
}

function accountsNamedLikeExchanges(environment: Environment): readonly string[] {
  const pairs = accountVariables(environment)
    .filter(({ exchange, account }) => Object.hasOwn(EXCHANGE_DIRECTORY, `${exchange}${account ?? '_'}`))
    .map(({ exchange, account }) => [
      `${exchange.toUpperCase()}_${account?.toUpperCase()}`,
      exchange,
      account,
    ]);
  return [...new Map(pairs.map((pair) => [pair[0], pair])).values()].map(
    ([prefix, exchange, account]) =>
      `${prefix}_… is the account "${account}" of ${exchange}; for the exchange ${exchange}${account} write ${exchange?.toUpperCase()}${account?.toUpperCase()}_…`,
  );
}

/** Keys of exchanges that are not synced: probably somebody forgot to add the exchange. */
export function unusedCredentials(environment: Environment, exchanges: readonly string[]): readonly string[] {
  const withKeys = accountVariables(environment)
    .filter(({ field }) => Object.hasOwn(CREDENTIAL_VARIABLES, field))
    .map(({ exchange }) => exchange);
  return [...new Set(withKeys)]
    .filter((exchange) => !exchanges.includes(exchange))
    .map(
      (exchange) =>
        `there are credentials for ${exchange}, which is not synced; add it to EXCHANGE_SYNC_EXCHANGES to sync it`,
    );
}
