import { EXCHANGE_DIRECTORY } from '../domain/exchange-directory.js';
import {
  type AccountVariable,
  accountVariables,
  CONNECTION_VARIABLES,
  type ConnectionVariable,
} from './account-variables.js';
import { definedOnly } from './defined-only.js';
import type { Environment } from './environment.js';
import type { SettingOptions } from './setting-options.js';
import { accepted, type Parsed, type Parser, refused } from './setting-parser.js';
import type { ProblemList } from './setting-values.js';
import type { ConnectionSettings, ExchangeSettings } from './settings.js';
import { flag } from './value-parsers.js';

type ConnectionField = keyof ConnectionSettings;
type Given = { readonly [Field in ConnectionField]?: { readonly setting: string; readonly raw: unknown } };

const PROXY_FIELDS = ['proxyUrl', 'httpsProxy', 'socksProxy'] as const;

const CONNECTION_PARSERS: {
  readonly [Field in ConnectionField]-?: Parser<NonNullable<ConnectionSettings[Field]>>;
} = {
  testnet: flag,
  proxyUrl: urlWith(['http:', 'https:'], 'http://localhost:8080/'),
  httpsProxy: urlWith(['http:', 'https:'], 'http://proxy.example:3128'),
  socksProxy,
};

/** How each configured exchange, and each of its accounts that differs, is reached. */
export function compileExchanges(
  ids: readonly string[],
  options: SettingOptions,
  environment: Environment,
  problems: ProblemList,
): readonly ExchangeSettings[] {
  const variables = accountVariables(environment).filter(isConnectionVariable);
  reportStrayConnections(ids, options, problems);
  return ids.map((id) => {
    const ofExchange = variables.filter(({ exchange }) => exchange === id);
    const given = (account: string | undefined): Given => ({
      ...givenByVariables(ofExchange.filter((variable) => variable.account === account)),
      ...givenByOptions(options, account === undefined ? id : `${id}/${account}`),
    });
    const connection = compileConnection(id, given(undefined), undefined, problems);
    const accounts = new Set([
      ...ofExchange.flatMap(({ account }) => account ?? []),
      ...Object.keys(options.connections ?? {}).flatMap((key) => accountOfKey(id, key) ?? []),
    ]);
    const accountConnections = Object.fromEntries(
      [...accounts].map((account) => [account, compileConnection(id, given(account), connection, problems)]),
    );
    return { id, connection, accountConnections };
  });
}

function compileConnection(
  id: string,
  given: Given,
  inherited: ConnectionSettings | undefined,
  problems: ProblemList,
): ConnectionSettings {
  const proxies = PROXY_FIELDS.filter((field) => given[field] !== undefined);
  if (proxies.length > 1) {
    const names = proxies.map((field) => given[field]?.setting).join(' and ');
    problems.addMessage(names, {
      message: 'are both set; a connection goes through one proxy, so keep one of them',
    });
  }
  const read = <Field extends ConnectionField>(field: Field) => {
    const source = given[field];
    if (source === undefined) return undefined;
    const parsed = (CONNECTION_PARSERS[field] as Parser<ConnectionSettings[Field]>)(source.raw);
    const shown = field === 'testnet' ? source.raw : undefined;
    for (const problem of parsed.problems ?? []) problems.add(source.setting, shown, problem);
    return parsed.value;
  };
  const testnet = read('testnet');
  if (testnet === true && EXCHANGE_DIRECTORY[id]?.testnet !== true) {
    problems.addMessage(given.testnet?.setting ?? id, {
      code: 'TESTNET_UNAVAILABLE',
      message: `${id} has no testnet, and mainnet is never used instead; remove the setting to use mainnet`,
    });
  }
  const own = definedOnly({
    proxyUrl: read('proxyUrl'),
    httpsProxy: read('httpsProxy'),
    socksProxy: read('socksProxy'),
  });
  // An account's own proxy of any kind takes the place of the exchange's.
  const { testnet: inheritedTestnet = false, ...inheritedProxy } = inherited ?? {};
  return { testnet: testnet ?? inheritedTestnet, ...(proxies.length > 0 ? own : inheritedProxy) };
}

function isConnectionVariable(
  variable: AccountVariable,
): variable is AccountVariable & { field: ConnectionVariable } {
  return Object.hasOwn(CONNECTION_VARIABLES, variable.field);
}

function givenByVariables(variables: readonly (AccountVariable & { field: ConnectionVariable })[]): Given {
  return Object.fromEntries(
    variables.map(({ field, variable, value }) => [
      CONNECTION_VARIABLES[field],
      { setting: variable, raw: value },
    ]),
  );
}

function givenByOptions({ connections }: SettingOptions, key: string): Given {
  return Object.fromEntries(
    Object.entries(connections?.[key] ?? {}).flatMap(([field, raw]) =>
      raw === undefined ? [] : [[field, { setting: `option connections['${key}'].${field}`, raw }]],
    ),
  );
}

function reportStrayConnections(
  ids: readonly string[],
  { connections }: SettingOptions,
  problems: ProblemList,
): void {
  for (const [key, fields] of Object.entries(connections ?? {})) {
    const setting = `option connections['${key}']`;
    if (!ids.some((id) => key === id || accountOfKey(id, key) !== undefined)) {
      problems.addMessage(setting, {
        message: "is neither a configured exchange nor one of its accounts; write 'bybit' or 'bybit/sub1'",
      });
    }
    for (const field of Object.keys(fields)) {
      if (Object.hasOwn(CONNECTION_PARSERS, field)) continue;
      problems.addMessage(`${setting}.${field}`, {
        message: `is not a setting; give ${Object.keys(CONNECTION_PARSERS).join(', ')}`,
      });
    }
  }
}

function accountOfKey(id: string, key: string): string | undefined {
  return new RegExp(`^${id}/([a-z0-9]+)$`).exec(key)?.[1];
}

/** SOCKS 5 alone. Names are resolved by the proxy in any case, which is what `socks5h` asks for. */
function socksProxy(raw: unknown): Parsed<string> {
  const parsed = urlWith(['socks:', 'socks5:', 'socks5h:'], 'socks5://127.0.0.1:1080')(raw);
  return parsed.value === undefined ? parsed : accepted(parsed.value.replace(/^socks5h:/i, 'socks5:'));
}

function urlWith(protocols: readonly string[], example: string): Parser<string> {
  return (raw) =>
    typeof raw === 'string' && URL.canParse(raw) && protocols.includes(new URL(raw).protocol)
      ? accepted(raw)
      : refused(
          `is not a URL of the kind ${protocols.map((name) => `${name}//`).join(', ')}; e.g. ${example}`,
        );
}
