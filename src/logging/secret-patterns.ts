/*
 * How secrets are called, in field names and inside text. Registered values are taken out wherever they
 * occur; these patterns catch what nobody registered.
 */

const NAMES = [
  'api[-_]?(?:key|secret|passphrase|password)(?:[-_]?id)?',
  '(?:[a-z0-9]+[-_])*(?:secret|password|passphrase|passwd|pass|pwd|private[-_]?key|access[-_]?key|mnemonic|credentials?)',
  '(?:client|secret|refresh|access|auth|id|session|bearer)?[-_]?(?:token|secret)',
  '(?:x[-_])?[a-z0-9-]*(?:apikey|api[-_]key|access[-_]sign|access[-_]passphrase)',
  '(?:x[-_]bapi[-_])?sign(?:ature)?',
  'authorization',
  'proxy[-_]authorization',
  '(?:set[-_])?cookie',
  'database[-_]?url',
  'connection[-_]?string',
  'twofa',
  'otp',
  'seed',
] as const;

const NAME = new RegExp(`^(?:[a-z0-9]+[_-])*(?:${NAMES.join('|')})$`, 'i');

/** `apiKey`, `BYBIT_API_SECRET`, `X-MBX-APIKEY`, `dbPass`; not `passed`, `tokenCount`, `credentialSource`. */
export function isSecretName(name: string): boolean {
  return NAME.test(name) || CAMEL_TAIL.test(name);
}

/** `oldApiKey`, `bybitSecret`, `dbPass`. */
const CAMEL_TAIL =
  /(?:ApiKey|Secret|SecretKey|PrivateKey|Password|Passphrase|Pass|Token|Signature|Credentials)$/;

const IN_TEXT = [
  'api_?-?key',
  'access_?-?key',
  'secret(?:_?-?key)?',
  'api_?-?secret',
  'client_?secret',
  'private_?-?key',
  'signature',
  'sign',
  'password',
  'passphrase',
  'passwd',
  'pass',
  'token',
  'access_?token',
  'listenkey',
  'x-mbx-apikey',
  'x-bapi-(?:api-key|sign)',
  '(?:ok|kc|cb|ftx|bf)-access-(?:key|sign|passphrase)',
  'access-(?:key|sign|passphrase)',
  'authorization',
].join('|');

/**
 * `signature=…` in a query, `"apiKey": "…"` in JSON, `X-MBX-APIKEY: …` among headers, `Authorization:
 * Bearer …`. The first group is what stays.
 */
export const SECRET_IN_TEXT = new RegExp(
  `((?:^|[^a-z0-9])[\\\\"']*(?:[a-z0-9]+_)*(?:${IN_TEXT})[\\\\"']*\\s*[=:]\\s*[\\\\"']*)(?:(?:bearer|basic|hmac)\\s+)?[^\\s"'&,;\\\\\\])}]+`,
  'gi',
);

/** `scheme://user:password@`: the first group is the scheme. */
export const USER_INFO = /([a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"']*(?:@[^\s/?#@"']*)*@/gi;
