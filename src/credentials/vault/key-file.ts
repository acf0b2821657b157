import { ExchangeSyncError } from '../../domain/errors.js';
import { redactor } from '../../logging/redactor.js';
import type { MasterKey } from './master-key.js';
import { type PrivateFile, readPrivateFile } from './private-file.js';
import { vaultError } from './vault-errors.js';

/** 128 bits as base64 take more than this. */
const SHORTEST_BYTES = 16;

/** The content of a file is the master key, but for line ends after it. Read anew each time. */
export function keyFile(path: string): MasterKey {
  async function read(): Promise<PrivateFile> {
    const file = await readPrivateFile(path, "the vault's key file");
    if (file !== undefined) return file;
    throw vaultError(
      'VAULT_LOCKED',
      path,
      `There is no key file ${path} (EXCHANGE_SYNC_VAULT_KEY_FILE). Bring it back; for a new vault make one: (umask 077; openssl rand -base64 32 > ${path})`,
    );
  }
  return {
    method: 'key-file',
    origin: `the key file ${path}`,
    identity: async () => `${path} ${(await read()).identity}`,
    async secret(purpose) {
      const { content } = await read();
      const secret = withoutLineEnd(content);
      if (secret.length === 0 || (purpose === 'new' && secret.length < SHORTEST_BYTES)) {
        throw new ExchangeSyncError(
          'CONFIG_INVALID',
          `EXCHANGE_SYNC_VAULT_KEY_FILE: ${path} holds ${secret.length} bytes, too few for a key; make one: (umask 077; openssl rand -base64 32 > ${path})`,
          { details: { file: path } },
        );
      }
      redactor.add(secret.toString('utf8'));
      return secret;
    },
  };
}

function withoutLineEnd(content: Buffer): Buffer {
  let end = content.length;
  while (end > 0 && (content[end - 1] === 0x0a || content[end - 1] === 0x0d)) end -= 1;
  return content.subarray(0, end);
}
