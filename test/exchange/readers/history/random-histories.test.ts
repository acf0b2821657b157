import { expect } from 'chai';
import fc from 'fast-check';
import type { TradeRecord } from '#src/domain/history-records.js';
import type { TimeRange } from '#src/domain/time-range.js';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import type { ExchangeSession } from '#src/exchange/exchange-session.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { HistoryPaging } from '#src/exchange/profiles/history-paging.js';
import { createAccountClient } from '#src/exchange/readers/account-client.js';
import { ExchangeServer } from '../../support/exchange-server.js';
import { NOW_MS, stoppedClock } from '../account-harness.js';
import { passingSession, readContext, spotMarket } from '../passing-session.js';
import { type ListedRow, type ListTerms, PagedList, pagesOfWindows } from './paged-list.js';
import { joined } from './pages-of.js';

const START_MS = NOW_MS - 10_000_000;
/** Rows of a random history lie within so many milliseconds, many of them in the same one. */
const SPAN_MS = 60;
const SECOND = 1000;

interface Case {
  readonly rows: readonly ListedRow[];
  readonly range: TimeRange;
  readonly windowMs: number;
  readonly pageLimit: number;
  readonly includesFrom: boolean;
  readonly includesTo: boolean;
  readonly stopAfter: number;
}

const cases = (scaleMs: number): fc.Arbitrary<Case> =>
  fc
    .record({
      times: fc.array(fc.integer({ min: 0, max: SPAN_MS }), { maxLength: 30 }),
      parts: fc.array(fc.integer({ min: 0, max: scaleMs - 1 }), { minLength: 30, maxLength: 30 }),
      fromMs: fc.integer({ min: -5, max: SPAN_MS / 2 }),
      lengthMs: fc.integer({ min: 1, max: SPAN_MS + 10 }),
      windowMs: fc.integer({ min: 4, max: SPAN_MS * 2 }),
      pageLimit: fc.integer({ min: 1, max: 6 }),
      includesFrom: fc.boolean(),
      includesTo: fc.boolean(),
      stopAfter: fc.integer({ min: 1, max: 12 }),
    })
    .map(({ times, parts, fromMs, lengthMs, windowMs, ...rest }) => ({
      ...rest,
      rows: times
        .map((time, index) => START_MS + time * scaleMs + (parts[index] ?? 0))
        .sort((a, b) => a - b)
        .map((timeMs, index) => ({ id: index + 1, timeMs })),
      range: {
        fromMs: START_MS + fromMs * scaleMs,
        toMs: START_MS + (fromMs + lengthMs) * scaleMs + (parts[0] ?? 0),
      },
      windowMs: windowMs * scaleMs,
    }));

/** How often the commonest moment occurs. */
function mostAtOnce(rows: readonly ListedRow[], momentMs = 1): number {
  const counts = new Map<number, number>();
  for (const { timeMs } of rows) {
    const moment = Math.ceil(timeMs / momentMs);
    counts.set(moment, (counts.get(moment) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values());
}

describe('a random history', () => {
  const list = new PagedList({ paging: { kind: 'single' }, range: { includesFrom: true, includesTo: true } });
  let server: ExchangeServer;
  let session: ExchangeSession;
  before(async () => {
    server = await ExchangeServer.start(list.route);
    const markets = [spotMarket('BTCUSDT', 'BTC', 'USDT')];
    session = await passingSession({ exchange: 'bybit', server, profile: bybit, markets });
  });
  after(() => server.close());

  function accountWith(terms: ListTerms, rows: readonly ListedRow[]): AccountClient {
    list.give(terms, rows);
    const [spot] = bybit.trades;
    const profile = { ...bybit, trades: [{ ...spot!, ...terms, params: { category: 'spot' } }] };
    const account = { exchange: 'bybit', account: 'main' };
    return createAccountClient({ session, profile, account, clock: stoppedClock });
  }

  /** Reads up to so many pages, and checks of each that it claims no row that was not given. */
  async function readSome(
    account: AccountClient,
    range: TimeRange,
    rows: readonly ListedRow[],
    stopAfter: number,
  ): Promise<{ given: TradeRecord[]; covered: TimeRange[] }> {
    const given: TradeRecord[] = [];
    const covered: TimeRange[] = [];
    let pages = 0;
    for await (const page of account.readHistory('trades', { scope: 'spot', range }, readContext())) {
      expect(page.rejected).deep.equal([]);
      given.push(...page.records);
      covered.push(...page.covered);
      const ids = new Set(given.map(({ tradeId }) => tradeId));
      const claimed = rows.filter(({ timeMs }) => page.covered.some((part) => isIn(timeMs, part)));
      expect(claimed.filter(({ id }) => !ids.has(String(id)))).deep.equal([]);
      pages += 1;
      if (pages === stopAfter) break;
    }
    return { given, covered: joined(covered) };
  }

  async function check(terms: ListTerms, { rows, range, stopAfter, pageLimit }: Case): Promise<void> {
    const account = accountWith(terms, rows);
    const truth = rows.filter(({ timeMs }) => isIn(timeMs, range)).map(({ id }) => String(id));
    const whole = await readSome(account, range, rows, Number.POSITIVE_INFINITY);
    expect(whole.given.map(({ tradeId }) => tradeId).sort()).deep.equal(truth.sort());
    expect(whole.covered).deep.equal([range]);
    const wholeRequests = list.requests;
    const { paging, windowMs } = terms;
    if (paging.kind === 'cursor' && terms.range.unit === undefined) {
      expect(wholeRequests).equal(pagesOfWindows(rows, range, windowMs ?? Number.POSITIVE_INFINITY, paging));
    }

    const begun = await readSome(account, range, rows, stopAfter);
    const given = [...begun.given];
    for (const gap of gapsOf(range, begun.covered)) {
      const rest = await readSome(account, gap, rows, Number.POSITIVE_INFINITY);
      expect(rest.covered).deep.equal([gap]);
      given.push(...rest.given);
    }
    expect([...new Set(given.map(({ tradeId }) => tradeId))].sort()).deep.equal(truth);
    // A page, or the rows of the one millisecond at which the walk broke off, where they are more than a page.
    const again = Math.max(pageLimit, mostAtOnce(rows));
    if (terms.byAnotherTime !== true) expect(given.length - truth.length).most(again);
  }

  const kinds: Readonly<Record<string, (pageLimit: number) => HistoryPaging>> = {
    cursor: (pageLimit) => ({ kind: 'cursor', cursorParam: 'cursor', pageLimit }),
    'before-id': (pageLimit) => ({ kind: 'before-id', idField: 'execId', idParam: 'before', pageLimit }),
    'after-id': (pageLimit) => ({ kind: 'after-id', idField: 'execId', idParam: 'after', pageLimit }),
    'before-id without a range': (pageLimit) => ({
      kind: 'before-id',
      idField: 'execId',
      idParam: 'before',
      withoutRange: true,
      pageLimit,
    }),
    'after-id without a range': (pageLimit) => ({
      kind: 'after-id',
      idField: 'execId',
      idParam: 'after',
      withoutRange: true,
      pageLimit,
    }),
    'before-time with an offset': (pageLimit) => ({ kind: 'before-time', offsetParam: 'offset', pageLimit }),
    'after-time with an offset': (pageLimit) => ({ kind: 'after-time', offsetParam: 'offset', pageLimit }),
    'offset, newest first': (pageLimit) => ({
      kind: 'offset',
      order: 'newest-first',
      offsetParam: 'offset',
      pageLimit,
    }),
    'offset by pages, oldest first': (pageLimit) => ({
      kind: 'offset',
      order: 'oldest-first',
      offsetParam: 'page',
      firstPage: 1,
      pageLimit,
    }),
    single: () => ({ kind: 'single' }),
  };

  for (const [name, paging] of Object.entries(kinds)) {
    for (const unit of ['milliseconds', 'seconds'] as const) {
      it(`by ${name}, asked for in ${unit}, is given whole, once, and never claimed before`, async () => {
        const scaleMs = unit === 'seconds' ? SECOND : 1;
        await fc.assert(
          fc.asyncProperty(cases(scaleMs), (one) => check(termsOf(one, paging(one.pageLimit), unit), one)),
          { numRuns: 60 },
        );
      });
    }
  }

  for (const kind of ['before-time', 'after-time'] as const) {
    it(`by ${kind} fails where a moment fills a page, and only there`, async () => {
      await fc.assert(
        fc.asyncProperty(cases(1), async (one) => {
          const terms = termsOf(one, { kind, pageLimit: one.pageLimit }, 'milliseconds');
          if (mostAtOnce(one.rows) < one.pageLimit) {
            await check(terms, one);
            return;
          }
          const account = accountWith(terms, one.rows);
          const read = readSome(account, one.range, one.rows, Number.POSITIVE_INFINITY);
          const [outcome] = await Promise.allSettled([read]);
          if (outcome?.status === 'rejected') {
            expect(String(outcome.reason)).match(/a whole page of one moment/);
          } else await check(terms, one);
        }),
        { numRuns: 120 },
      );
    });
  }

  it('that is cut at a limit is asked for in halves, and fails where a moment reaches the limit', async () => {
    await fc.assert(
      fc.asyncProperty(cases(1), async (one) => {
        const cutAt = one.pageLimit + 1;
        const terms = termsOf(one, { kind: 'single', cutAt }, 'milliseconds');
        const inRange = one.rows.filter(({ timeMs }) => isIn(timeMs, one.range));
        if (mostAtOnce(inRange) < cutAt) {
          await check({ ...terms, range: { ...terms.range, includesFrom: true, includesTo: true } }, one);
          return;
        }
        const account = accountWith(terms, one.rows);
        const read = readSome(account, one.range, one.rows, Number.POSITIVE_INFINITY);
        const [outcome] = await Promise.allSettled([read]);
        expect(outcome?.status).equal('rejected');
      }),
      { numRuns: 100 },
    );
  });

  it('of which the list goes by another time is known window by window', async () => {
    await fc.assert(
      fc.asyncProperty(cases(1), async (one) => {
        const paging: HistoryPaging = { kind: 'cursor', cursorParam: 'cursor', pageLimit: one.pageLimit };
        const inclusive = { ...one, includesFrom: true, includesTo: true };
        await check({ ...termsOf(inclusive, paging, 'milliseconds'), byAnotherTime: true }, one);
      }),
      { numRuns: 60 },
    );
  });
});

function termsOf(
  { windowMs, includesFrom, includesTo }: Case,
  paging: HistoryPaging,
  unit: 'milliseconds' | 'seconds',
): ListTerms {
  const range = { from: 'startTime', to: 'endTime', includesFrom, includesTo };
  return { paging, windowMs, range: unit === 'seconds' ? { ...range, unit } : range };
}

function isIn(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs >= fromMs && timeMs < toMs;
}

/** Newest first. */
function gapsOf(range: TimeRange, covered: readonly TimeRange[]): TimeRange[] {
  const starts = [range.fromMs, ...covered.map(({ toMs }) => toMs)];
  const ends = [...covered.map(({ fromMs }) => fromMs), range.toMs];
  return starts
    .map((fromMs, index) => ({ fromMs, toMs: ends[index] ?? range.toMs }))
    .filter(({ fromMs, toMs }) => fromMs < toMs)
    .reverse();
}
