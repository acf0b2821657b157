import { ExchangeSyncError } from '../../../domain/errors.js';
import { EXCHANGE_DIRECTORY } from '../../../domain/exchange-directory.js';
import type { Credentials } from '../../../index.js';
import type { Prompt } from '../../prompt.js';

const LABELS: Readonly<Record<string, string>> = {
  apiKey: 'API key',
  secret: 'API secret',
  password: 'API passphrase',
  uid: 'User id',
  login: 'Login',
  accountId: 'Account id',
  privateKey: 'Private key',
  walletAddress: 'Wallet address',
  token: 'Token',
  twofa: 'Secret of two-factor authentication',
};

/** Keys and secrets of any exchange are far shorter. */
const MOST_CHARACTERS = 64 * 1024;

/** From a person, field by field, hidden; or from stdin as a JSON object. Never from an argument. */
export async function givenCredentials(exchange: string, prompt: Prompt | undefined): Promise<Credentials> {
  if (!process.stdin.isTTY) return parseObject(await readAll(process.stdin));
  const given: Record<string, string> = {};
  for (const field of EXCHANGE_DIRECTORY[exchange]?.requiredCredentials ?? []) {
    given[field] = (await prompt?.hidden(`${LABELS[field] ?? field} (hidden): `)) ?? '';
  }
  return given;
}

async function readAll(stream: NodeJS.ReadStream): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MOST_CHARACTERS) throw notJson(`is longer than ${MOST_CHARACTERS} characters`);
  }
  return text;
}

function parseObject(text: string): Credentials {
  if (text.trim() === '') throw notJson('is empty');
  try {
    return JSON.parse(text) as Credentials;
  } catch {
    // The parser's own message quotes what it was given.
    throw notJson('is not JSON');
  }
}

function notJson(what: string): ExchangeSyncError {
  return new ExchangeSyncError(
    'CONFIG_INVALID',
    `stdin ${what}; pipe an object such as {"apiKey": "...", "secret": "..."}, or run this on a terminal to be asked.`,
  );
}
