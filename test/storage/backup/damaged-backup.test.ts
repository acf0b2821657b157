import { readFile, rm, writeFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { checkBackup } from '#src/storage/backup/check-backup.js';
import { restoreBackup } from '#src/storage/backup/restore-backup.js';
import { expectError } from '../../support/expect-error.js';
import { describeBackups, type Places } from './backup-harness.js';

describeBackups('backup that is not whole', (backups) => {
  const { test, write, select, contents } = backups;
  let file: string;
  let other: Places['other'];

  beforeEach(async () => {
    ({ file, other } = backups.places);
    await write();
  });

  /** The unzipped file, changed and zipped again. */
  const tamper = async (change: (text: string) => string) => {
    const text = gunzipSync(await readFile(file)).toString('latin1');
    const changed = change(text);
    expect(changed).to.not.equal(text);
    await writeFile(file, gzipSync(Buffer.from(changed, 'latin1')));
  };

  const damages: Readonly<Record<string, () => Promise<void>>> = {
    'cut off': async () => {
      const whole = await readFile(file);
      await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)));
    },
    'cut off between two lines': () => tamper((text) => text.slice(0, text.lastIndexOf('{"tables"'))),
    'with a flipped bit': async () => {
      const whole = await readFile(file);
      const middle = Math.floor(whole.length / 2);
      whole[middle] = (whole[middle] ?? 0) ^ 1;
      await writeFile(file, whole);
    },
    'with a changed amount': () =>
      tamper((text) => text.replace('\tCOIN3\tUSDT\tspot\t', '\tCOIN3\tUSDC\tspot\t')),
    'with an amount that is none': () =>
      tamper((text) => text.replace(/(\tCOIN3\tUSDT\tspot\t)[^\t\n]*/, '$10.1.2')),
    'with a row less': () => tamper((text) => text.replace(/\n[^\n]*\tCOIN3\t[^\n]*\n/, '\n')),
    'with a table less': () =>
      tamper((text) => text.replace(/\{"table":"sync_history".*?\n\\\.\n[^\n]*\n/s, '')),
    'with a changed sequence': () => tamper((text) => text.replace('"isCalled":true', '"isCalled":false')),
    'that goes on': () => tamper((text) => `${text}{}\n`),
    'that is something else': () => writeFile(file, 'PGDMP'),
    'that is JSON': () => tamper(() => '{"format":"something"}\n'),
    'that is empty': () => writeFile(file, ''),
  };
  for (const [kind, damage] of Object.entries(damages)) {
    it(`is refused and leaves no trace: ${kind}`, async () => {
      await damage();
      const before = await contents(test.schema);
      for (const restoring of [
        () => checkBackup(test.settings, file),
        () => restoreBackup({ settings: test.settings, file, force: true }),
        () => restoreBackup({ settings: other, file }),
      ]) {
        const error = await expectError(restoring(), 'BACKUP_INVALID');
        expect(error.message).to.contain(file);
      }
      expect(await contents(test.schema)).to.deep.equal(before);
      expect(
        await select(
          `SELECT FROM pg_namespace WHERE nspname = '${other.schema}' OR nspname LIKE 'exchange_sync_check%'`,
        ),
      ).to.deep.equal([]);
    });
  }

  it('is refused when it is not there', async () => {
    await rm(file);
    const error = await expectError(restoreBackup({ settings: other, file }), 'BACKUP_FAILED');
    expect(error.message).to.contain('ENOENT');
  });

  it('is refused when a newer program has written it', async () => {
    await tamper((text) => text.replace('"version":1', '"version":2'));
    await expectError(restoreBackup({ settings: other, file }), 'SCHEMA_TOO_NEW');
  });

  it('is refused when its schema is newer', async () => {
    await tamper((text) =>
      text.replace('"migrations":[', '"migrations":[{"version":99,"file":"0099-x.sql","checksum":"x"},'),
    );
    await expectError(restoreBackup({ settings: other, file }), 'SCHEMA_TOO_NEW');
  });
});
