import { createHash } from 'node:crypto';
import { isKeyDerivation, type KeyDerivation } from './derive-key.js';
import { damaged, vaultError } from './vault-errors.js';

/** How the master key of a vault is given; no secret. */
export const UNLOCK_METHODS = ['key-file', 'passphrase', 'keyring'] as const;
export type UnlockMethod = (typeof UNLOCK_METHODS)[number];

export interface VaultHeader {
  readonly unlock: UnlockMethod;
  readonly kdf: KeyDerivation;
}

/** A vault as it lies on the disk: names can be read, keys cannot. */
export interface VaultFile extends VaultHeader {
  /** The digest of all accounts, sealed: what tells a wrong master key from a changed file. */
  readonly check: string;
  /** Sealed credentials by account, e.g. `bybit/main`. */
  readonly accounts: Readonly<Record<string, string>>;
}

const FORMAT = 'exchange-sync vault';
const VERSION = 1;
const ACCOUNT_ID = /^[a-z0-9]+\/[a-z0-9]+$/;

/** What each sealed text is bound to: a record of one account does not open as another's. */
export function bindingOfAccount(id: string): string {
  return `${FORMAT} ${VERSION} account ${id}`;
}

export function bindingOfCheck({ unlock, kdf }: VaultHeader): string {
  const { name, N, r, p, salt } = kdf;
  return `${FORMAT} ${VERSION} check ${JSON.stringify([unlock, name, N, r, p, salt])}`;
}

/** One word for all accounts and their records together. */
export function digestOfAccounts(accounts: VaultFile['accounts']): string {
  return sha256(JSON.stringify(sorted(accounts)));
}

export function printVault({ unlock, kdf, check, accounts }: VaultFile): string {
  const body = { format: FORMAT, version: VERSION, unlock, kdf, check, accounts: sortedRecord(accounts) };
  return `${JSON.stringify({ ...body, checksum: checksumOf(body) }, null, 2)}\n`;
}

/** Throws VAULT_DAMAGED, which never quotes what stands in the file. */
export function parseVault(text: string, path: string): VaultFile {
  const { checksum, ...body } = parseObject(text, path);
  if (body.format !== FORMAT) throw damaged(path, 'is not a vault of exchange-sync');
  if (typeof body.version === 'number' && body.version > VERSION) {
    throw vaultError(
      'VAULT_DAMAGED',
      path,
      `The vault ${path} was written by a newer exchange-sync (version ${body.version} of the format, this one knows ${VERSION}). Upgrade this one.`,
    );
  }
  // Found before a key is derived, and also where a changed header makes every key a wrong one.
  if (checksum !== checksumOf(body)) throw damaged(path, 'does not match its own checksum');
  const { unlock, kdf, check, accounts } = body;
  const method = UNLOCK_METHODS.find((known) => known === unlock);
  const valid =
    body.version === VERSION &&
    method !== undefined &&
    isKeyDerivation(kdf) &&
    typeof check === 'string' &&
    isSealedAccounts(accounts);
  if (!valid) throw damaged(path, 'has a header or an account that no exchange-sync writes');
  return { unlock: method, kdf, check, accounts };
}

function parseObject(text: string, path: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // What a parser says quotes the file.
  }
  throw damaged(path, 'is not a vault of exchange-sync');
}

function isSealedAccounts(value: unknown): value is VaultFile['accounts'] {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(value).every(([id, sealed]) => ACCOUNT_ID.test(id) && typeof sealed === 'string')
  );
}

function checksumOf(body: object): string {
  return sha256(JSON.stringify(body));
}

function sorted(accounts: VaultFile['accounts']): [string, string][] {
  return Object.entries(accounts).sort(([a], [b]) => (a < b ? -1 : 1));
}

function sortedRecord(accounts: VaultFile['accounts']): VaultFile['accounts'] {
  return Object.fromEntries(sorted(accounts));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
