import { expect } from 'chai';
import fc from 'fast-check';
import type { TimeRange } from '#src/domain/time-range.js';
import { HistoryDemand } from '#src/sync/history/history-demand.js';
import { useTestDatabase } from '../../support/postgres.js';
import { MirroredHistory, type MirroredOptions } from './mirrored-history.js';
import type { ScriptedRow } from './scripted-history.js';

const DAY = 24 * 60 * 60 * 1000;
const START = 10 * DAY;

function rowsAt(...times: number[]): readonly ScriptedRow[] {
  return times.map((timeMs, index) => ({ id: String(index).padStart(3, '0'), timeMs, visibleAtMs: timeMs }));
}

function holds(ranges: readonly TimeRange[], ms: number): boolean {
  return ranges.some(({ fromMs, toMs }) => fromMs <= ms && ms < toMs);
}

describe('HistorySync', function () {
  this.timeout(120_000);
  const test = useTestDatabase();
  const mirrored = (options: Partial<MirroredOptions> = {}) =>
    new MirroredHistory(test, { rows: [], pageSize: 2, nowMs: START, openedMs: START - 1000, ...options });

  describe('what is known afterwards', () => {
    it('is everything up to what is settled, with no repetition', async () => {
      const history = mirrored({
        rows: rowsAt(START - 900, START - 500, START - 500, START - 500, START - 20),
      });
      const prepared = await history.run();
      expect(await history.ids()).to.have.length(5);
      expect(await history.coverage()).to.deep.equal([
        { fromMs: START - 1000, toMs: START - 10, state: 'complete' },
      ]);
      expect(prepared).to.deep.include({ itemsProcessed: 5, itemsSynced: 5, isMore: false });
      expect(prepared?.scopes).to.deep.equal([
        {
          scope: 'deposits',
          attemptedAtMs: START,
          completeAtMs: START,
          wanted: { fromMs: START - 1000, toMs: START - 10 },
        },
      ]);
    });

    it('never passes a page that failed, and the next run goes on from there', async () => {
      const history = mirrored({ rows: rowsAt(START - 900, START - 700, START - 500, START - 300) });
      history.exchange.pagesLeft = 1;
      const failed = await history.run();
      expect(failed?.scopes[0]).to.have.nested.property('error.code', 'EXCHANGE_REJECTED');
      expect(failed?.scopes[0]).to.not.have.property('completeAtMs');
      expect(failed).to.include({ itemsSynced: 2, isMore: false });
      expect(await history.coverage()).to.deep.equal([
        { fromMs: START - 499, toMs: START - 10, state: 'complete' },
      ]);
      history.exchange.pagesLeft = Number.POSITIVE_INFINITY;
      await history.run();
      expect(await history.ids()).to.have.length(4);
      // The millisecond at which the page ended, of which more rows may have come.
      expect(history.exchange.asked.at(-1)?.range).to.deep.equal({ fromMs: START - 1000, toMs: START - 499 });
    });

    it('is not less for another list that can not be read', async () => {
      const list = { needsSymbol: false, servedFromMs: 0, settleLagMs: 10, lateMs: 0 };
      const history = mirrored({
        lists: [
          { ...list, id: 'broken' },
          { ...list, id: 'deposits' },
        ],
        rows: rowsAt(START - 500),
      });
      history.exchange.broken.add('broken');
      const prepared = await history.run();
      expect(prepared?.scopes.map(({ scope, error }) => [scope, error?.code])).to.deep.equal([
        ['broken', 'EXCHANGE_REJECTED'],
        ['deposits', undefined],
      ]);
      expect(await history.coverage('broken')).to.deep.equal([]);
      expect(await history.coverage()).to.have.length(1);
    });

    it('is the truth in the end, whatever failed, died, came late or was changed on the way', async () => {
      let account = 0;
      const row = fc.record({
        timeMs: fc.integer({ min: START - 1000, max: START + 900 }),
        lateMs: fc.constantFrom(0, 0, 0, 60, 99),
        validAfterMs: fc.constantFrom(0, 0, 0, 0, 700),
        finalAfterMs: fc.constantFrom(0, 0, 400),
      });
      const step = fc.record({
        advanceMs: fc.integer({ min: 0, max: 300 }),
        pages: fc.constantFrom(Number.POSITIVE_INFINITY, 0, 1, 2, 3),
        failure: fc.constantFrom('error' as const, 'crash' as const),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { maxLength: 14 }),
          fc.array(step, { minLength: 1, maxLength: 6 }),
          fc.integer({ min: 1, max: 4 }),
          async (drafts, steps, pageSize) => {
            account += 1;
            const rows = drafts.map(({ timeMs, lateMs, validAfterMs, finalAfterMs }, index) => ({
              id: `r${index}`,
              timeMs,
              visibleAtMs: timeMs + lateMs,
              validFromMs: timeMs + validAfterMs,
              finalFromMs: timeMs + finalAfterMs,
            }));
            const history = mirrored({ account: `a${account}`, rows, pageSize });
            const { exchange } = history;
            for (const { advanceMs, pages, failure } of steps) {
              exchange.nowMs += advanceMs;
              exchange.pagesLeft = pages;
              exchange.failure = failure;
              await history.run();
              const complete = await history.coverage();
              const ids = new Set(await history.ids());
              for (const { id, timeMs, visibleAtMs, validFromMs } of rows) {
                if (visibleAtMs > timeMs || !holds(complete, timeMs)) continue;
                expect(ids.has(id), `${id} is in a covered range`).to.equal(true);
                expect(validFromMs, `${id} was no row when it was read`).to.be.at.most(exchange.nowMs);
              }
            }
            exchange.pagesLeft = Number.POSITIVE_INFINITY;
            for (let round = 0; round < 2; round += 1) {
              exchange.nowMs += 2000;
              await history.run();
            }
            expect(await history.ids()).to.have.members(rows.map(({ id }) => id));
            expect(await history.coverage()).to.deep.equal([
              { fromMs: START - 1000, toMs: exchange.nowMs - 10, state: 'complete' },
            ]);
            expect(await history.rereads()).to.deep.equal([]);
            expect(await history.setAside()).to.deep.equal([]);
            const { rows: open } = await test.database.query(
              `SELECT id FROM "${test.schema}".exchange_transfers WHERE account = $1 AND status <> 'ok'`,
              [`a${account}`],
            );
            expect(open).to.deep.equal([]);
          },
        ),
        { numRuns: 60 },
      );
    });
  });

  describe('rows that come late', () => {
    const late = { id: 'late', timeMs: START - 50, visibleAtMs: START + 20 };

    it('are found by reading the end once more', async () => {
      const history = mirrored({ rows: [...rowsAt(START - 400), late] });
      await history.run();
      history.exchange.nowMs = START + 30;
      await history.run();
      expect(await history.ids()).to.contain('late');
      expect(history.exchange.asked.at(-1)?.range).to.deep.equal({ fromMs: START - 110, toMs: START + 20 });
    });

    it('are found also when the process dies between the new time and the end of the old', async () => {
      const history = mirrored({
        rows: [...rowsAt(START - 400, START + 100, START + 150, START + 200), late],
      });
      await history.run();
      history.exchange.nowMs = START + 300;
      history.exchange.pagesLeft = 1;
      history.exchange.failure = 'crash';
      expect(await history.run()).to.equal(undefined);
      expect(await history.rereads()).to.deep.equal([
        { fromMs: START - 110, toMs: START - 10, reason: 'late' },
      ]);
      history.exchange.pagesLeft = Number.POSITIVE_INFINITY;
      await history.run();
      expect(await history.ids()).to.contain('late');
      expect(await history.rereads()).to.deep.equal([]);
    });
  });

  describe('rows that can not be', () => {
    it('are set aside, take their millisecond with them, and are looked at again', async () => {
      const bad = { id: 'bad', timeMs: START - 300, visibleAtMs: 0, validFromMs: START + 5000 };
      const history = mirrored({ rows: [...rowsAt(START - 500, START - 100), bad] });
      const prepared = await history.run();
      expect(prepared?.scopes[0]?.error).to.deep.equal({
        code: 'RECORD_INVALID',
        message: '1 set aside, their time is not called complete: deposit bad: amount: it is negative',
        scope: 'deposits',
      });
      expect(prepared).to.include({ itemsProcessed: 3, itemsSynced: 2, isMore: false });
      expect(await history.coverage()).to.deep.equal([
        { fromMs: START - 1000, toMs: START - 300, state: 'complete' },
        { fromMs: START - 299, toMs: START - 10, state: 'complete' },
      ]);
      expect(
        (await history.setAside()).map(({ row, reason, content }) => [row, reason, content]),
      ).to.deep.equal([['deposit bad', 'amount: it is negative', { id: 'bad' }]]);
      history.exchange.nowMs = START + 5000;
      const mended = await history.run();
      expect(mended?.scopes[0]).to.not.have.property('error');
      expect(await history.ids()).to.contain('bad');
      expect(await history.setAside()).to.deep.equal([]);
      expect(await history.coverage()).to.have.length(1);
    });

    it('are those that change what they said, also where they were covered', async () => {
      const history = mirrored({ rows: rowsAt(START - 500, START - 100) });
      await history.run();
      await test.database.query(
        `UPDATE "${test.schema}".exchange_transfers SET amount = 99 WHERE id = '000'`,
      );
      const range = { fromMs: START - 600, toMs: START - 400 };
      const prepared = await history.run(new HistoryDemand({ repair: range }));
      expect(prepared?.scopes[0]?.error?.message).to.equal(
        '1 set aside, their time is not called complete: deposit 000: it says something else than what is stored under its id',
      );
      expect(holds(await history.coverage(), START - 500)).to.equal(false);
      expect(holds(await history.coverage(), START - 501)).to.equal(true);
      expect(await history.setAside()).to.have.length(1);
    });
  });

  describe('what is no longer served', () => {
    const RETENTION = 4 * DAY;
    const EDGE = 5 * 60_000;

    it('is lost, with the reason, and when the next loss is due is known', async () => {
      const history = mirrored({ openedMs: START - 6 * DAY, list: { retentionMs: RETENTION } });
      const prepared = await history.run();
      const keptMs = START - RETENTION + EDGE;
      expect(await history.coverage()).to.deep.equal([
        { fromMs: START - 6 * DAY, toMs: keptMs, state: 'lost' },
        { fromMs: keptMs, toMs: START - 10, state: 'complete' },
      ]);
      const ranges = await history.repositories.coverage.list(test.database, history.account);
      expect(ranges[0]).to.include({ reason: 'older than the 4 days that bybit serves' });
      expect(prepared?.scopes[0]?.nextLossAtMs).to.equal(START - 10 + RETENTION);
    });

    it('is due before the oldest of what could not be read falls off', async () => {
      const rows = rowsAt(START - 3 * DAY, START - 2 * DAY, START - DAY);
      const history = mirrored({
        openedMs: START - 6 * DAY,
        list: { retentionMs: RETENTION },
        rows,
        pageSize: 1,
      });
      history.exchange.pagesLeft = 1;
      const prepared = await history.run();
      expect(prepared?.scopes[0]?.nextLossAtMs).to.equal(START + EDGE);
    });

    it('stays known where it was read in time', async () => {
      const history = mirrored({ openedMs: START - 2 * DAY, list: { retentionMs: RETENTION } });
      await history.run();
      history.exchange.nowMs = START + 3 * DAY;
      await history.run();
      expect(await history.coverage()).to.deep.equal([
        { fromMs: START - 2 * DAY, toMs: START + 3 * DAY - 10, state: 'complete' },
      ]);
    });
  });

  describe('years of history', () => {
    const many = Array.from({ length: 150 }, (_, index) => START - 9 * DAY + index * 60 * 60_000);

    it('are read in slices, the newest first, and another run is asked for until nothing is left', async () => {
      const history = mirrored({ openedMs: 0, rows: rowsAt(...many), pageSize: 1 });
      const first = await history.run();
      expect(first?.isMore).to.equal(true);
      expect(first?.scopes[0], 'today is usable').to.include({ completeAtMs: START });
      expect(history.exchange.pages.length).to.be.within(60, 62);
      expect((await history.ids())[0]).to.equal(String(150 - history.exchange.pages.length).padStart(3, '0'));
      let runs = 1;
      for (let last = first; last?.isMore === true; runs += 1) last = await history.run();
      expect(runs).to.equal(3);
      expect(await history.ids()).to.have.length(150);
    });

    it('do not keep a busy day from being read whole', async () => {
      const busy = Array.from({ length: 100 }, (_, index) => START - 60_000 - index * 60_000);
      const history = mirrored({ openedMs: 0, rows: rowsAt(...busy), pageSize: 1 });
      expect((await history.run())?.scopes[0]).to.include({ completeAtMs: START });
      expect(await history.ids()).to.have.length(100);
    });

    it('end a run in the middle of a wait, which is no failure', async () => {
      const history = mirrored({ openedMs: 0, rows: rowsAt(...many), pageSize: 1 });
      history.endsSlices = true;
      history.exchange.failure = 'wait';
      history.exchange.pagesLeft = 30;
      const held = await history.run();
      expect(held).to.deep.include({ isMore: true, itemsSynced: 30 });
      expect(held?.scopes[0]).to.not.have.property('error');
      history.endsSlices = false;
      history.exchange.pagesLeft = Number.POSITIVE_INFINITY;
      for (let last = held; last?.isMore === true; ) last = await history.run();
      expect(await history.ids()).to.have.length(150);
    });

    it('of no list delay the newest day of another', async () => {
      const list = { needsSymbol: false, servedFromMs: 0, settleLagMs: 10, lateMs: 0 };
      const history = mirrored({
        openedMs: 0,
        lists: [
          { ...list, id: 'first' },
          { ...list, id: 'deposits' },
        ],
        rows: rowsAt(...many, START - 100),
        pageSize: 1,
      });
      await history.run();
      const scopes = history.exchange.pages.map(({ scope }) => scope);
      const newest = scopes.indexOf('deposits');
      expect(newest).to.be.within(1, 3);
      // Then both go back together.
      expect(scopes.slice(-20).filter((scope) => scope === 'first')).to.have.length(10);
    });

    it('that somebody asks for end although a list can not be read', async () => {
      const history = mirrored({ openedMs: 0, rows: rowsAt(...many), pageSize: 1 });
      history.exchange.pagesLeft = 70;
      const demand = new HistoryDemand({});
      await history.run(demand);
      expect(demand.isMore).to.equal(true);
      await history.run(demand);
      expect(demand).to.include({ isMore: false, rows: 70, newRows: 69, hasRead: true });
      const asked = history.exchange.asked.length;
      await history.run(demand);
      expect(history.exchange.asked.length, 'it was tried once').to.equal(asked);
    });

    it('are read once more where that is asked for meanwhile, but not what could not be read', async () => {
      const list = { needsSymbol: false, servedFromMs: 0, settleLagMs: 10, lateMs: 0 };
      const lists = [
        { ...list, id: 'broken' },
        { ...list, id: 'deposits' },
      ];
      const history = mirrored({ lists, rows: rowsAt(START - 500) });
      history.exchange.broken.add('broken');
      const demand = new HistoryDemand({});
      await history.run(demand);
      const { rereads } = history.repositories;
      const range = { fromMs: START - 600, toMs: START - 400 };
      await test.database.transaction((tx) =>
        rereads.request(tx, history.account, 'transfers', 'deposits', range, 'proof'),
      );
      const asked = history.exchange.asked.length;
      demand.goOn();
      await history.run(demand);
      expect(history.exchange.asked).to.have.length(asked);
      demand.goOnAgain();
      await history.run(demand);
      expect(history.exchange.asked.slice(asked)).to.deep.equal([{ scope: 'deposits', range }]);
      expect(await history.rereads()).to.deep.equal([]);
    });

    it('tell how far they are', async () => {
      const history = mirrored({ openedMs: 0, rows: rowsAt(...many), pageSize: 1 });
      const demand = new HistoryDemand({});
      do await history.run(demand);
      while (demand.isMore);
      const { chunks } = history;
      expect(demand.newRows).to.equal(150);
      expect(chunks.reduce((sum, { rows }) => sum + rows, 0)).to.equal(demand.rows);
      expect(new Set(chunks.map(({ totalMs }) => totalMs))).to.deep.equal(new Set([START - 10]));
      expect(chunks.at(-1)).to.include({ doneMs: START - 10, scope: 'deposits', account: 'main' });
    });

    it('cost three statements a page, beside the one that fences it', async () => {
      const history = mirrored({ openedMs: 0, rows: rowsAt(...many), pageSize: 5 });
      await history.run();
      const pages = history.exchange.pages.length;
      expect(pages).to.equal(30);
      expect(history).to.include({ commits: pages, statements: 3 * pages });
    });
  });
});
