import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import type { RejectedHistoryRow } from '#src/domain/scope-read.js';
import { CoverageRepository } from '#src/storage/coverage-repository.js';
import { SetAsideRepository } from '#src/storage/set-aside-repository.js';
import type { TestDatabase } from '../support/postgres.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const NOW_MS = Date.UTC(2026, 0, 1);
const READ = { fromMs: NOW_MS - 1000, toMs: NOW_MS };

export function describeSetAside(test: TestDatabase): void {
  describe('sync_set_aside', () => {
    const record = (...rows: readonly RejectedHistoryRow[]) =>
      test.database.transaction((transaction) =>
        new SetAsideRepository(test).record(transaction, MAIN, 'trades', 'spot', rows, READ),
      );
    const list = () => new SetAsideRepository(test).list(test.database, MAIN, 'trades');
    const clearAfter = (...ranges: readonly (readonly [number, number])[]) =>
      test.database.transaction(async (transaction) => {
        await new CoverageRepository(test).cover(
          transaction,
          MAIN,
          'trades',
          'spot',
          ranges.map(([fromMs, toMs]) => ({ fromMs, toMs })),
        );
        return new SetAsideRepository(test).clear(transaction, MAIN, 'trades', 'spot');
      });

    it('keeps a row with its reason, and updates it when it is seen again', async () => {
      await record(rejected('trade 1', { raw: { id: '1', amount: '-5' } }));
      await record(rejected('trade 1', { reason: 'the price is negative', raw: { id: '1', price: '-5' } }));
      const [row, ...others] = await list();
      expect(others).to.deep.equal([]);
      expect(row).to.deep.include({
        ...MAIN,
        dataType: 'trades',
        scope: 'spot',
        row: 'trade 1',
        reason: 'the price is negative',
        timestampMs: NOW_MS - 10,
        content: { id: '1', price: '-5' },
      });
      expect(row?.lastSeenAtMs).to.be.at.least(row?.firstSeenAtMs ?? Number.NaN);
      expect(await new SetAsideRepository(test).count(test.database, MAIN)).to.deep.equal([
        { ...MAIN, dataType: 'trades', scope: 'spot', rows: 1 },
      ]);
    });

    it('keeps rows apart that have no id, by their times', async () => {
      const page = [NOW_MS - 10, NOW_MS - 11, undefined, NOW_MS - 10].map((timestampMs) =>
        rejected('trade undefined', { timestampMs }),
      );
      await record(...page);
      await record(...page);
      expect((await list()).map(({ timestampMs }) => timestampMs)).to.have.members([
        NOW_MS - 10,
        NOW_MS - 11,
        undefined,
      ]);
    });

    it('takes whatever an exchange sends for a row', async () => {
      const cycle: Record<string, unknown> = {};
      cycle.self = cycle;
      let deep: unknown = [];
      for (let depth = 0; depth < 3000; depth += 1) deep = [deep];
      const contents: readonly unknown[] = [
        { 'a\0': '\0', half: '\uDC00', pair: '\u{1F600}', escaped: '\\u0000\\\0' },
        undefined,
        1n,
        cycle,
        deep,
        'x'.repeat(100_000),
        null,
      ];
      await record(...contents.map((raw, index) => rejected(`trade ${index}`, { raw })));
      await record(rejected('\0', { reason: '\0\uD800', timestampMs: 8.64e15 }));
      const rows = await list();
      expect(rows.filter(({ row }) => /[0-35-6]/.test(row)).map(({ content }) => content)).to.deep.equal([
        { 'a\uFFFD': '\uFFFD', half: '\uFFFD', pair: '\u{1F600}', escaped: '\\u0000\\\uFFFD' },
        null,
        null,
        null,
        null,
        null,
      ]);
      expect(rows.find(({ row }) => row === '\uFFFD')).to.deep.include({
        reason: '\uFFFD\uFFFD',
        timestampMs: undefined,
      });
    });

    it('drops a row when its millisecond is known, and not before', async () => {
      await record(rejected('trade 1'));
      expect(
        await clearAfter([NOW_MS - 1000, NOW_MS - 10], [NOW_MS - 9, NOW_MS]),
        'all but its own',
      ).to.equal(0);
      expect(await clearAfter([NOW_MS - 10, NOW_MS - 9])).to.equal(1);
      expect(await list()).to.deep.equal([]);
    });

    it('drops a row without a time when all is known of what was read when it was seen', async () => {
      await record(rejected('trade 1', { timestampMs: undefined }));
      expect(await clearAfter([NOW_MS - 1000, NOW_MS - 500], [NOW_MS - 499, NOW_MS])).to.equal(0);
      expect(await clearAfter([NOW_MS - 500, NOW_MS - 499])).to.equal(1);
    });

    it('drops nothing for what is known of another scope', async () => {
      await record(rejected('trade 1'));
      await test.database.transaction((transaction) =>
        new CoverageRepository(test).cover(transaction, MAIN, 'trades', 'linear', [READ]),
      );
      expect(await clearAfter()).to.equal(0);
    });
  });
}

function rejected(row: string, changes: Partial<RejectedHistoryRow> = {}): RejectedHistoryRow {
  return { row, reason: 'the amount is negative', timestampMs: NOW_MS - 10, raw: {}, ...changes };
}
