import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { restoreBackup } from '#src/storage/backup/restore-backup.js';
import { writeBackup } from '#src/storage/backup/write-backup.js';
import { migrate } from '#src/storage/migrate.js';
import { hasKeptSchemas, useTestDatabase } from '../../support/postgres.js';
import { installedPackage, startTestServer, type TestServer } from '../../support/postgres-server.js';
import { silentLogger } from '../../support/silent-logger.js';
import {
  makeLegacyDatabase,
  PORTFOLIO_ROWS,
  PORTFOLIO_SERVICE,
  SYNC_MODULE_FLOAT,
  SYNC_MODULE_ROWS,
} from '../adoption/legacy-database.js';

const OLDEST = `postgres-14-${process.platform}-${process.arch}`;

describe("an older database on PostgreSQL 14, moved to the run's PostgreSQL", () => {
  let oldest: TestServer | undefined;
  let directory: string;

  before('start PostgreSQL 14', async function () {
    const packageName = installedPackage(OLDEST);
    if (packageName === undefined) {
      process.stderr.write(`    no PostgreSQL 14 is packaged for ${process.platform}-${process.arch}\n`);
      this.skip();
    }
    oldest = await startTestServer(packageName);
    directory = await mkdtemp(join(tmpdir(), 'exchange-sync-majors-'));
  });

  after('stop PostgreSQL 14', async () => {
    if (!oldest) return;
    await rm(directory, { recursive: true });
    await oldest.stop({ keep: hasKeptSchemas(oldest.settings) });
  });

  const from = useTestDatabase({
    migrated: false,
    server: async () => {
      if (!oldest) throw new Error('PostgreSQL 14 is not running');
      return oldest.settings;
    },
  });
  const to = useTestDatabase({ migrated: false });

  it('is taken over, backed up, and the same after it was restored', async () => {
    const legacy = PORTFOLIO_SERVICE + PORTFOLIO_ROWS + SYNC_MODULE_FLOAT + SYNC_MODULE_ROWS;
    await makeLegacyDatabase(from.database, from.schema, legacy);
    const adopting = { adopt: true, legacyTimezone: 'Europe/Berlin' };
    const { adoption } = await migrate(from.database, from.schema, silentLogger, adopting);
    expect(adoption?.tables.map(({ rows }) => rows)).to.deep.equal([9, 6, 5, 5, 2, 5, 2]);

    const file = join(directory, 'books.gz');
    const { tables, schemaVersion } = await writeBackup({ settings: from.settings, file });
    const restored = await restoreBackup({ settings: to.settings, file });
    expect(restored.tables).to.deep.equal(tables);
    const { applied, toVersion } = await migrate(to.database, to.schema, silentLogger);
    expect([applied, toVersion]).to.deep.equal([[], schemaVersion]);
    for (const { table } of tables) {
      const rows = async ({ database, schema }: typeof to) =>
        (await database.query(`SELECT t::text FROM "${schema}"."${table}" t ORDER BY 1`)).rows;
      expect(await rows(to), table).to.deep.equal(await rows(from));
    }
  });
});
