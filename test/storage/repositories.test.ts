import { expect } from 'chai';
import { migrate } from '#src/storage/migrate.js';
import { hasKeptSchemas, type TestDatabase, testServer, useTestDatabase } from '../support/postgres.js';
import { installedPackage, startTestServer, type TestServer } from '../support/postgres-server.js';
import { silentLogger } from '../support/silent-logger.js';
import { describeAccountValues } from './account-values-suite.js';
import { describeFlows } from './flow-suite.js';
import { describeFlowWindows } from './flow-window-suite.js';
import { describeHistory } from './history-suite.js';
import { describeHolds } from './hold-suite.js';
import { describeLeases } from './lease-suite.js';
import { describeMarketLists } from './market-list-suite.js';
import { describeMirrorRepositories } from './mirror-repositories-suite.js';
import { describeOrders } from './order-suite.js';
import { describePortfolioItems } from './portfolio-suite.js';
import { describePortfolioValue } from './portfolio-value-suite.js';
import { describePrices } from './price-suite.js';
import { describeProofs } from './proof-suite.js';
import { describeRanges } from './range-suite.js';
import { describeSetAside } from './set-aside-suite.js';
import { describeSnapshots } from './snapshot-suite.js';
import { describeSyncState } from './sync-state-suite.js';

/** Besides the server of the run: every major version that is supported. */
const OLDER_MAJORS = [14, 15, 16, 17];

describe('repositories', () => {
  describe("on the run's PostgreSQL", () => {
    describeRepositories(useTestDatabase({ server: testServer }));
  });

  for (const major of OLDER_MAJORS) {
    describe(`on PostgreSQL ${major}`, () => {
      let server: TestServer | undefined;

      before(`start PostgreSQL ${major}`, async function () {
        const packageName = installedPackage(`postgres-${major}-${process.platform}-${process.arch}`);
        if (packageName === undefined) {
          process.stderr.write(
            `    no PostgreSQL ${major} is packaged for ${process.platform}-${process.arch}\n`,
          );
          this.skip();
        }
        server = await startTestServer(packageName);
      });

      after(`stop PostgreSQL ${major}`, () => server?.stop({ keep: hasKeptSchemas(server.settings) }));

      const test = useTestDatabase({
        server: async () => {
          if (!server) throw new Error(`PostgreSQL ${major} is not running`);
          return server.settings;
        },
      });

      it('is the version it says', async () => {
        const { rows } = await test.database.query<{ version: string }>(
          `SELECT current_setting('server_version') AS version`,
        );
        expect(rows[0]?.version.split('.')[0]).to.equal(String(major));
      });

      describeRepositories(test);
    });
  }
});

function describeRepositories(test: TestDatabase): void {
  it('have nothing left to migrate', async () => {
    const { fromVersion, applied } = await migrate(test.database, test.schema, silentLogger);
    expect(applied).to.deep.equal([]);
    expect(fromVersion).to.be.above(0);
  });

  describeMirrorRepositories(test);
  describeAccountValues(test);
  describeOrders(test);
  describePrices(test);
  describeSyncState(test);
  describeLeases(test);
  describeHolds(test);
  describeMarketLists(test);
  describePortfolioItems(test);
  describePortfolioValue(test);
  describeHistory(test);
  describeRanges(test);
  describeSnapshots(test);
  describeSetAside(test);
  describeProofs(test);
  describeFlows(test);
  describeFlowWindows(test);
}
