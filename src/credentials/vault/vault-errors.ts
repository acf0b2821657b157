import { type AccountRef, accountId } from '../../domain/account.js';
import { type ErrorCode, ExchangeSyncError } from '../../domain/errors.js';

type VaultErrorCode = Extract<ErrorCode, `VAULT_${string}`>;

/** Every error about a vault names its file and says what to do. */
export function vaultError(
  code: VaultErrorCode,
  file: string,
  message: string,
  cause?: unknown,
): ExchangeSyncError {
  return new ExchangeSyncError(code, message, { details: { file }, cause });
}

export function damaged(file: string, what: string): ExchangeSyncError {
  return vaultError(
    'VAULT_DAMAGED',
    file,
    `The vault ${file} ${what}. It was changed by something else than exchange-sync; nothing of it is used. Restore it from a backup, or move it away and add the credentials again.`,
  );
}

/** What a system call said, for people: `EACCES` and the like. Never the content of a file. */
export function inaccessible(file: string, what: string, error: unknown): ExchangeSyncError {
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return vaultError(
    'VAULT_INACCESSIBLE',
    file,
    `${file} cannot be ${what} (${code}); let this user (uid ${process.getuid?.() ?? 'unknown'}) read and write it, or run as the user who owns it.`,
    error,
  );
}

/** For what is to be removed: says what there is instead. */
export function notInVault(
  account: AccountRef,
  file: string,
  known: readonly AccountRef[],
): ExchangeSyncError {
  const held = known.length === 0 ? 'It is empty' : `It holds ${known.map(accountId).join(', ')}`;
  return new ExchangeSyncError(
    'EXCHANGE_NOT_CONFIGURED',
    `${accountId(account)} is not in the vault ${file}. ${held}.`,
    { details: { ...account, file, known: known.map(accountId) } },
  );
}
