import {
  ACCOUNT_FIELDS,
  CONNECTION_VARIABLES,
  CREDENTIAL_VARIABLES,
  FACT_VARIABLES,
} from '../../dist/config/account-variables.js';
import {
  DATABASE_SETTINGS,
  INTERVAL_SETTINGS,
  LOGGING_SETTINGS,
  SCHEDULE_SETTINGS,
  VALUE_SETTINGS,
  VAULT_SETTINGS,
} from '../../dist/config/setting-definitions.js';
import { EXCHANGE_DIRECTORY } from '../../dist/domain/exchange-directory.js';
import { code, GENERATED, table } from './markdown.mjs';

const FIELD_DESCRIPTIONS = {
  API_KEY: "The key's public half.",
  API_SECRET: "The key's secret half.",
  API_PASSWORD: 'The passphrase given when the key was made (okx, kucoin, bitget and others).',
  UID: 'The user id, where the exchange signs with it.',
  LOGIN: 'The login, where the exchange asks for it.',
  ACCOUNT_ID: 'The account id, where the exchange asks for it.',
  PRIVATE_KEY: 'The signing key of a wallet.',
  WALLET_ADDRESS: 'The address of a wallet.',
  TOKEN: 'A token, where the exchange gives one instead of a key.',
  TWOFA: 'The secret of two-factor authentication, where the exchange asks for it.',
  TESTNET: "`true`: the exchange's testnet. Refused where there is none; mainnet is never used instead.",
  PROXY_URL: 'A prefix that the whole URL of each request is appended to, e.g. `http://localhost:8080/`.',
  HTTPS_PROXY: 'An HTTP proxy, e.g. `http://proxy.example:3128`.',
  SOCKS_PROXY: 'A SOCKS 5 proxy, e.g. `socks5://127.0.0.1:1080`. It resolves the names of hosts, too.',
  OPENED_ON:
    'The day the account was opened, `YYYY-MM-DD` in UTC. History is read from there, and the account held nothing before.',
};

function settingsTable(settings) {
  const rows = Object.entries(settings).map(([option, { variable, flag, defaultText, description }]) => [
    code(variable),
    code(option),
    code(flag),
    code(defaultText),
    description,
  ]);
  return table(['Variable', 'Option of `start()`', 'Command line', 'Default', 'What it does'], rows);
}

function fieldsTable() {
  const rows = ACCOUNT_FIELDS.map((field) => {
    if (FIELD_DESCRIPTIONS[field] === undefined)
      throw new Error(`describe ${field} in configuration-page.mjs`);
    return [code(field), code(optionOf(field)), FIELD_DESCRIPTIONS[field]];
  });
  return table(['FIELD', 'In the API', 'What it is'], rows);
}

function optionOf(field) {
  if (FACT_VARIABLES[field] !== undefined) return `${FACT_VARIABLES[field]}['…']`;
  return CREDENTIAL_VARIABLES[field] ?? `connections['…'].${CONNECTION_VARIABLES[field]}`;
}

/** Exchanges by what they require, the usual pair first. */
function requirementsTable() {
  const variables = Object.entries(CREDENTIAL_VARIABLES);
  const byRequirement = new Map();
  for (const [id, { requiredCredentials }] of Object.entries(EXCHANGE_DIRECTORY)) {
    const names = variables
      .filter(([, field]) => requiredCredentials.includes(field))
      .map(([name]) => code(name));
    const requirement = names.join(', ') || 'nothing';
    byRequirement.set(requirement, [...(byRequirement.get(requirement) ?? []), id]);
  }
  const rows = [...byRequirement].sort(([, a], [, b]) => b.length - a.length);
  return table(
    ['Required', 'Exchanges'],
    rows.map(([requirement, ids]) => [requirement, ids.join(', ')]),
  );
}

function testnets() {
  return Object.entries(EXCHANGE_DIRECTORY)
    .filter(([, { testnet }]) => testnet)
    .map(([id]) => id)
    .join(', ');
}

export function configurationPage() {
  return `${GENERATED}

# Configuration

Every setting is an environment variable, and an option of \`start()\` by the name in the second column. Some are options of
the command line as well. What is passed wins over the environment, the environment over a \`.env\` file in the working
directory, and that over the defaults. A \`.env\` file changes nothing in the environment of the process; \`start({ env })\`
replaces both. An empty variable counts as not set.

Everything is checked before anything runs. All problems are reported at once, as one error with the code
\`CONFIG_INVALID\` (the command line exits with 2), each with the setting, its value unless that is a secret, and what it can
be. What is set without effect, or looks misspelt, is a warning in the log.

Yes and no are written \`true\`, \`1\`, \`yes\`, \`on\` or \`false\`, \`0\`, \`no\`, \`off\`, in any case.

## What is synced, and when

${settingsTable({ ...SCHEDULE_SETTINGS, ...INTERVAL_SETTINGS })}

## The portfolio and the history

${settingsTable(VALUE_SETTINGS)}

## The database

With \`DATABASE_URL\` or any of \`DB_HOST\`, \`DB_PORT\`, \`DB_USER\`, \`DB_PASS\` and \`DB_NAME\`, the data goes to that PostgreSQL.
Without any of them it lives in an embedded PostgreSQL 18 in the data directory. In a URL, special characters are written
as \`%XX\`; its \`sslmode\` wins over \`DB_SSL\`.

${settingsTable(DATABASE_SETTINGS)}

## Logging

The console gets its lines on stderr. A host that passes a \`logger\` gets them instead of console and files.

${settingsTable(LOGGING_SETTINGS)}

## Exchanges and accounts

\`{ID}_{FIELD}\` belongs to an exchange and its account \`main\`, \`{ID}_{ACCOUNT}_{FIELD}\` to one more account, whose name has
letters and digits only: \`BYBIT_API_KEY\`, \`BYBIT_SUB1_API_KEY\`. No id of ccxt contains \`_\`, so that the first part is always
the exchange: \`BINANCE_US_API_KEY\` is the account \`us\` of binance, and the exchange binanceus has \`BINANCEUS_API_KEY\`.

${fieldsTable()}

Connections that belong to the exchange serve its public requests and every account that has none of its own. At most one
of the three proxies can be set for a connection. As options they are
\`connections: { bybit: { testnet: true }, 'bybit/sub1': { proxyUrl: 'http://localhost:8080/' } }\`.

No exchange tells when an account was opened, so that a person has to, once: then history has a beginning, and what was
held before it is known to be nothing. As options: \`openedOn: { bybit: '2021-05-17', 'bybit/sub1': '2023-01-09' }\`.

Keys are looked for in the credential provider that the host passes to \`start({ credentials })\`, then in the vault, then in
the environment, anew for each run. The first that knows the account wins. The log names the source and never a value.
[credentials.md](credentials.md) tells how the vault works.

${settingsTable(VAULT_SETTINGS)}

A key needs no more than permission to read. What each exchange requires:

${requirementsTable()}

Exchanges with a testnet: ${testnets()}.
`;
}
