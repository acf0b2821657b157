import { expect } from 'chai';
import fc from 'fast-check';
import type { AccountRef } from '#src/domain/account.js';
import { PortfolioRepository } from '#src/storage/portfolio-repository.js';
import { SnapshotRepository } from '#src/storage/snapshot-repository.js';
import type { TestDatabase } from '../support/postgres.js';
import { portfolioItem } from './records.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const SUB: AccountRef = { exchange: 'bybit', account: 'sub1' };
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.UTC(2026, 5, 15, 10, 20, 30, 40);
const RETENTION = { fullDays: 2, hourlyDays: 5 };

export function describeSnapshots(test: TestDatabase): void {
  describe('portfolio_snapshots', () => {
    const hold = (quantity: string) =>
      test.database.transaction((transaction) =>
        new PortfolioRepository(test).apply(
          transaction,
          MAIN,
          [
            portfolioItem({ quantity, value: quantity }),
            portfolioItem({ asset: 'XYZ', price: undefined, value: undefined }),
          ],
          { isAll: true },
        ),
      );
    const take = (account: AccountRef, atMs: number) =>
      test.database.transaction((transaction) =>
        new SnapshotRepository(test).take(transaction, account, atMs),
      );
    const stored = async () =>
      (
        await test.database.query(
          `SELECT account, asset, taken_at, quantity, value FROM "${test.schema}".portfolio_snapshots
           ORDER BY account, taken_at, asset`,
        )
      ).rows;

    it('say what is held, once of what is no longer held, and nothing twice', async () => {
      await hold('2');
      expect(await take(MAIN, NOW_MS)).to.equal(2);
      expect(await take(MAIN, NOW_MS)).to.equal(0);
      await hold('0');
      expect(await take(MAIN, NOW_MS + 1)).to.equal(2);
      expect(await take(MAIN, NOW_MS + 2)).to.equal(1);
      expect(await take(SUB, NOW_MS + 2)).to.equal(0);
      expect(
        (await stored()).map(({ asset, taken_at, quantity, value }) => [
          asset,
          (taken_at as Date).getTime() - NOW_MS,
          quantity,
          value,
        ]),
      ).to.deep.equal([
        ['BTC', 0, '2', '2'],
        ['XYZ', 0, '2', null],
        ['BTC', 1, '0', '0'],
        ['XYZ', 1, '2', null],
        ['XYZ', 2, '2', null],
      ]);
    });

    it('are thinned to the last of each hour, and then of each day, of one account', async () => {
      const ages = fc.array(
        fc.nat(8 * 24 * 6).map((tens) => tens * 600_000),
        { maxLength: 30 },
      );
      await fc.assert(
        fc.asyncProperty(ages, ages, async (agesMs, othersMs) => {
          const of = (account: AccountRef, ms: readonly number[]) => ms.map((ageMs) => ({ account, ageMs }));
          const snapshots = [...of(MAIN, agesMs), ...of(SUB, agesMs), ...of(SUB, othersMs)];
          const table = `"${test.schema}".portfolio_snapshots`;
          await test.database.transaction(async (transaction) => {
            await transaction.query(`DELETE FROM ${table}`);
            await transaction.query(
              `INSERT INTO ${table} (exchange_id, account, asset, quote_currency, taken_at, quantity)
               SELECT 'bybit', account, asset, 'USDT', at, 1
               FROM unnest($1::text[], $2::timestamptz[]) AS u (account, at), unnest(ARRAY['BTC', 'ETH']) AS asset
               ON CONFLICT DO NOTHING`,
              [
                snapshots.map(({ account }) => account.account),
                snapshots.map(({ ageMs }) => new Date(NOW_MS - ageMs)),
              ],
            );
          });
          const thin = () =>
            test.database.transaction((transaction) =>
              new SnapshotRepository(test).thin(transaction, MAIN, RETENTION, NOW_MS),
            );
          const expected = kept(snapshots.map(({ account, ageMs }) => [account.account, NOW_MS - ageMs]));
          await thin();
          expect(
            (await stored()).map((row) => [row.account, (row.taken_at as Date).getTime(), row.asset]),
          ).to.deep.equal(
            expected.flatMap((one) => [
              [...one, 'BTC'],
              [...one, 'ETH'],
            ]),
          );
          expect(await thin(), 'again').to.equal(0);
        }),
        { numRuns: 30 },
      );
    });
  });
}

/** The slow way: each of the main account is kept unless a later one of it is in its hour, or in its day. */
function kept(taken: readonly (readonly [string, number])[]): readonly (readonly [string, number])[] {
  const distinct = [...new Map(taken.map((one) => [one.join(), one])).values()];
  const sizeOf = (atMs: number) => {
    const ageMs = NOW_MS - atMs;
    if (ageMs > RETENTION.hourlyDays * DAY_MS) return DAY_MS;
    return ageMs > RETENTION.fullDays * DAY_MS ? HOUR_MS : undefined;
  };
  return distinct
    .filter(([account, atMs]) => {
      const size = sizeOf(atMs);
      if (size === undefined || account !== MAIN.account) return true;
      return !distinct.some(
        ([other, otherMs]) =>
          other === account &&
          otherMs > atMs &&
          sizeOf(otherMs) === size &&
          Math.floor(otherMs / size) === Math.floor(atMs / size),
      );
    })
    .sort(([left, leftMs], [right, rightMs]) => left.localeCompare(right) || leftMs - rightMs);
}
