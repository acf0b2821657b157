import { randomBytes } from 'node:crypto';
import type { ServerDatabaseSettings } from '../../config/settings.js';
import { CopySession } from './copy-session.js';
import { type LoadedBackup, loadBackup } from './load-backup.js';

/**
 * Restores the file into a schema of its own beside the others, compares every table's rows and their hashes
 * with what the backup saw, and takes everything back. Rejects with BACKUP_INVALID.
 */
export async function checkBackup(settings: ServerDatabaseSettings, file: string): Promise<LoadedBackup> {
  const schema = `exchange_sync_check_${randomBytes(6).toString('hex')}`;
  return await CopySession.run(
    { settings, applicationName: 'exchange-sync backup check', mode: 'READ WRITE' },
    (session) => loadBackup(session, schema, file),
    () => false,
  );
}
