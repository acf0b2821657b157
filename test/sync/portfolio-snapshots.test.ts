import { expect } from 'chai';
import { createRepositories } from '#src/storage/repositories.js';
import { SnapshotKeeper } from '#src/sync/snapshot-keeper.js';
import { portfolioItem } from '../storage/records.js';
import { useTestDatabase } from '../support/postgres.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START_MS = Date.UTC(2026, 0, 1);
const MAIN = { exchange: 'bybit', account: 'main' };

describe('snapshots of the portfolio', () => {
  const test = useTestDatabase();
  let nowMs = START_MS;

  async function taken() {
    const { rows } = await test.database.query<{ at: Date; quantity: string }>(
      `SELECT taken_at AS at, quantity FROM "${test.schema}".portfolio_snapshots ORDER BY taken_at`,
    );
    return rows.map(({ at, quantity }) => `${(at.getTime() - START_MS) / HOUR} h: ${quantity}`);
  }

  it('are taken at each sync, thinned at most once an hour, and end with one 0', async () => {
    const { portfolio, snapshots } = createRepositories(test);
    const keeper = new SnapshotKeeper({
      snapshots,
      retention: { fullDays: 1, hourlyDays: 2 },
      now: () => nowMs,
    });
    const sync = (atMs: number, quantity: string) => {
      nowMs = atMs;
      return test.database.transaction(async (tx) => {
        await portfolio.apply(tx, MAIN, quantity === '0' ? [] : [portfolioItem({ quantity })], {
          isAll: true,
        });
        await keeper.take(tx, MAIN);
      });
    };
    await sync(START_MS, '1');
    await sync(START_MS + HOUR / 4, '2');
    await sync(START_MS + HOUR / 2, '0');
    await sync(START_MS + (3 * HOUR) / 4, '0');
    const all = ['0 h: 1', '0.25 h: 2', '0.5 h: 0'];
    expect(await taken()).to.deep.equal(all);

    // The first sync has thinned, and the hour is not over.
    await sync(START_MS + 3 * HOUR - 1, '3');
    expect(await taken()).to.have.length(4);
    await sync(START_MS + 2 * DAY, '3');
    expect(await taken()).to.deep.equal(['0.5 h: 0', `${3 - 1 / HOUR} h: 3`, '48 h: 3']);
    await sync(START_MS + 3 * DAY, '3');
    expect(await taken()).to.deep.equal([`${3 - 1 / HOUR} h: 3`, '48 h: 3', '72 h: 3']);
  });

  it('are thinned again only after an hour, each account for itself', async () => {
    let thinned = 0;
    const keeper = new SnapshotKeeper({
      snapshots: {
        take: async () => 0,
        thin: async () => {
          thinned += 1;
          return 0;
        },
      },
      retention: { fullDays: 7, hourlyDays: 90 },
      now: () => nowMs,
    });
    const take = async (atMs: number, account = MAIN) => {
      nowMs = atMs;
      await test.database.transaction((tx) => keeper.take(tx, account));
      return thinned;
    };
    expect(await take(START_MS)).to.equal(1);
    expect(await take(START_MS + HOUR - 1)).to.equal(1);
    expect(await take(START_MS + HOUR - 1, { ...MAIN, account: 'sub1' })).to.equal(2);
    expect(await take(START_MS + HOUR)).to.equal(3);
  });
});
