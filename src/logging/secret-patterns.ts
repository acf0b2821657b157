/*
 * How secrets are called, in field names and inside text. Registered values are taken out wherever they
 * occur; these patterns catch what nobody registered.
 */

const NAME_TAILS = [
  'api_?keys?',
  '(?:access|secret|private|listen|master)_?key',
  'secrets?',
  'passwords?',
  'passphrase',
  'passwd',
  'pass',
  'pwd',
  'mnemonic',
  'credentials?',
  'tokens?',
  'sign',
  'signature',
  'authorization',
  'cookie',
  'database_?url',
  'connection_?string',
  'twofa',
  'otp',
];

const SECRET_NAME = new RegExp(`(?:^|_)(?:${NAME_TAILS.join('|')})$`);

/** `apiKey`, `BYBIT_API_SECRET`, `X-MBX-APIKEY`, `dbPass`; not `passed`, `tokenCount`, `credentialSource`. */
export function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return SECRET_NAME.test(words.replace(/[^a-z0-9]+/g, '_'));
}

const TEXT_NAMES = [
  'api[-_]?key',
  'access[-_]?key',
  'api[-_]?secret',
  'client[-_]?secret',
  'secret(?:[-_]?key)?',
  'private[-_]?key',
  'listen[-_]?key',
  'signature',
  'sign',
  'password',
  'passphrase',
  'passwd',
  'pass',
  'token',
  'authorization',
];

/**
 * `signature=…` in a query, `"apiKey": "…"` in JSON, `X-MBX-APIKEY: …` among headers, `Authorization:
 * Bearer …`. The first group is what stays. A name is only looked for where a word begins:
 * trying again at each of its parts would take quadratic time.
 */
export const SECRET_IN_TEXT = new RegExp(
  `((?:^|[^a-z0-9_-])(?:[a-z0-9]+[-_])*(?:${TEXT_NAMES.join('|')})[\\\\"']*\\s*[=:]\\s*[\\\\"']*)(?:(?:bearer|basic)\\s+)?[^\\s"'&,;\\\\\\])}]+`,
  'gi',
);

/** `scheme://user:password@`: the first group is the scheme. */
export const USER_INFO = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"']{1,500}@/gi;
