import { expect } from 'chai';
import type { TradeRecord } from '#src/domain/history-records.js';
import type { TimeRange } from '#src/domain/time-range.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { TradeScopeProfile } from '#src/exchange/profiles/history-scopes.js';
import type { Route } from '../../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from '../account-harness.js';
import { answering } from '../answering.js';
import { spotMarket, swapMarket } from '../passing-session.js';
import { LIST_PATH, wire } from './paged-list.js';
import { pagesOf, type ReadPages } from './pages-of.js';

const RANGE = { fromMs: NOW_MS - 1000, toMs: NOW_MS };
const MARKETS = [spotMarket('BTCUSDT', 'BTC', 'USDT'), swapMarket('ETHUSDT', 'ETH', 'USDT')];
const page = (list: object[], nextPageCursor = '') => ({ retCode: 0, result: { list, nextPageCursor } });
const row = (id: number, agoMs: number, fields: object = {}) => ({
  ...wire({ id, timeMs: NOW_MS - agoMs }),
  ...fields,
});
const ago = (fromMs: number, toMs: number): TimeRange => ({ fromMs: NOW_MS - fromMs, toMs: NOW_MS - toMs });

describe('a history with rows that cannot be', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function read(
    routes: readonly Route[],
    terms: Partial<TradeScopeProfile> = {},
  ): Promise<ReadPages<TradeRecord>> {
    const [spot] = bybit.trades;
    const profile = { ...bybit, trades: [{ ...spot!, ...terms }] };
    harness = await accountBehind(profile, MARKETS, routes);
    return pagesOf(harness.account, 'trades', { scope: terms.id ?? 'spot', range: RANGE });
  }
  const readPages = (...pages: object[][]) =>
    read(
      pages
        .map((list, index) => {
          const next = index + 1 < pages.length ? String(index + 1) : '';
          return answering(LIST_PATH, page(list, next), index === 0 ? {} : { cursor: String(index) });
        })
        .reverse(),
    );
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'it was read',
      (error) => `${error.code}: ${error.message}`,
    );

  const impossible: Readonly<Record<string, [object, RegExp]>> = {
    'a negative amount': [{ execQty: '-2' }, /^amount: it is not above 0$/],
    'an amount of zero': [{ execQty: '0.000' }, /^amount: it is not above 0$/],
    'no amount': [{ execQty: '' }, /^amount: the exchange did not say it$/],
    'a negative price': [{ execPrice: '-1' }, /^price: it is negative$/],
    'a negative cost': [{ execValue: '-1' }, /^cost: it is negative$/],
    'an amount that is no number': [{ execQty: 'two' }, /^amount: "two" is not a decimal number$/],
    'no side': [{ side: 'None' }, /^side: "None" is no side$/],
    'no id': [{ execId: '' }, /^tradeId: /],
    'an unknown market': [{ symbol: 'NOPEUSDT' }, /^symbol: its market is not known/],
    'the market of another list': [{ symbol: 'ETHUSDT' }, /^symbol: its market is not known/],
    'an unknown kind': [{ execType: 'Gift' }, /^kind: "Gift" is no kind of fill that is known$/],
    'a kind that every object has': [{ execType: 'toString' }, /^kind: "toString" is no kind/],
    'no cost': [{ execValue: undefined, execPrice: '1' }, /^cost: the exchange did not say it$/],
  };
  for (const [what, [fields, reason]] of Object.entries(impossible)) {
    it(`sets aside a row with ${what}, and claims all but its millisecond`, async () => {
      const { records, rejected, covered } = await readPages([row(3, 10), row(2, 20, fields), row(1, 30)]);
      expect(records.map(({ tradeId }) => tradeId)).deep.equal(['3', '1']);
      expect(rejected).length(1);
      expect(rejected[0]?.reason).match(reason);
      expect(rejected[0]?.timestampMs).equal(NOW_MS - 20);
      expect(rejected[0]?.raw).nested.property('info.orderId', 'order');
      expect(covered).deep.equal([ago(1000, 20), ago(19, 0)]);
    });
  }

  it('sets aside a fee of which neither the exchange nor the market says the currency', async () => {
    const fields = { symbol: 'BTCUSDT-29DEC23', feeCurrency: '' };
    const linear = bybit.trades.find(({ id }) => id === 'linear');
    const list = [row(2, 10, { ...fields, execFee: '0' }), row(1, 20, fields)];
    const { records, rejected } = await read([answering(LIST_PATH, page(list))], linear);
    expect(records.map(({ tradeId, feeCost }) => [tradeId, feeCost])).deep.equal([['2', undefined]]);
    expect(rejected.map(({ reason }) => reason)).deep.equal(['feeCurrency: the exchange did not say it']);
  });

  it('does not claim a set-aside millisecond at the end of a page with the next one', async () => {
    const { pages } = await readPages([row(3, 10), row(2, 20, { execQty: '0' })], [row(1, 30)]);
    expect(pages.map(({ covered }) => covered)).deep.equal([[ago(19, 0)], [ago(1000, 20)]]);
  });

  for (const [what, execTime] of [
    ['no time', ''],
    ['a time that is none', 'yesterday'],
    ['a time in seconds', String(Math.floor(NOW_MS / 1000))],
    ['a time that has not come', String(NOW_MS + 3_600_000)],
  ] as const) {
    it(`with ${what} claims nothing of where the row may belong`, async () => {
      const { pages, records, rejected } = await readPages(
        [row(6, 10), row(5, 20)],
        [row(4, 30), row(0, 0, { execTime }), row(3, 40)],
        [row(2, 50), row(1, 60)],
      );
      expect(records.map(({ tradeId }) => tradeId)).deep.equal(['6', '5', '4', '3', '2', '1']);
      expect(rejected.map(({ timestampMs, reason }) => [timestampMs, reason])).deep.equal([
        [undefined, 'timestamp: it is no time at which something can have happened'],
      ]);
      expect(pages.map(({ covered }) => covered)).deep.equal([[ago(19, 0)], [], [ago(1000, 50)]]);
    });
  }

  it('whose last page has a row without a time claims nothing of that page', async () => {
    const { covered } = await readPages([row(2, 10)], [row(1, 30), row(0, 0, { execTime: '' })]);
    expect(covered).deep.equal([ago(9, 0)]);
  });

  it('claims nothing behind a row without a time where the page after it is empty', async () => {
    const blurred = [row(2, 10), row(0, 0, { execTime: '' })];
    expect((await readPages(blurred, [])).covered).deep.equal([]);
    await harness.server.close();
    const { covered } = await readPages(blurred, [], [row(1, 30)]);
    expect(covered).deep.equal([ago(1000, 30)]);
  });

  it('tolerates clocks of an exchange that differ by a little', async () => {
    const { rejected, covered } = await readPages([row(1, -500), row(2, 10)]);
    expect(rejected).deep.equal([]);
    expect(covered).deep.equal([RANGE]);
  });

  it('gives neither of two rows with one id and different content, and claims neither time', async () => {
    const { records, rejected, covered } = await readPages([
      row(3, 10),
      row(2, 20, { execQty: '5' }),
      row(2, 40),
      row(2, 60),
    ]);
    expect(records.map(({ tradeId }) => tradeId)).deep.equal(['3']);
    expect(rejected.map(({ row: name }) => name)).deep.equal(['trade 2 of BTC/USDT']);
    expect(covered).deep.equal([ago(1000, 60), ago(59, 40), ago(39, 20), ago(19, 0)]);
  });

  it('sets aside a row that has another content on the next page', async () => {
    const { records, rejected, covered } = await readPages(
      [row(3, 10), row(2, 20)],
      [row(2, 20, { execQty: '5' }), row(1, 30)],
    );
    expect(records.map(({ tradeId }) => tradeId)).deep.equal(['3', '2', '1']);
    expect(rejected.map(({ reason }) => reason)).deep.equal(['it comes twice with different content']);
    expect(covered).deep.equal([ago(1000, 20), ago(19, 0)]);
  });

  for (const garbage of ['garbage', null, 7, []]) {
    it(`with ${JSON.stringify(garbage)} in the place of a row sets that aside`, async () => {
      const list = [row(2, 10), garbage as unknown as object, row(1, 30)];
      const { records, rejected, covered } = await readPages(list);
      expect(records).length(2);
      expect(rejected).length(1);
      expect(covered).deep.equal([]);
    });
  }

  it('fails where the exchange ignores the parameter that leads to the next page', async () => {
    const same: Route = () => page([row(2, 10), row(1, 20)]);
    const offset = { kind: 'offset', order: 'newest-first', offsetParam: 'offset', pageLimit: 2 } as const;
    expect(await failure(read([same], { paging: offset }))).match(
      /^EXCHANGE_BAD_RESPONSE: .* repeats the page/,
    );
    await harness.server.close();
    const byId = { kind: 'before-id', idField: 'execId', idParam: 'before', pageLimit: 2 } as const;
    expect(await failure(read([same], { paging: byId }))).match(
      /^EXCHANGE_BAD_RESPONSE: .* repeats the page/,
    );
    await harness.server.close();
    const byTime = { kind: 'before-time', pageLimit: 2 } as const;
    expect(await failure(read([same], { paging: byTime }))).match(/^EXCHANGE_BAD_RESPONSE: .* a whole page/);
  });

  it('fails where pages go on by numbers that rows do not have', async () => {
    const lettered: Route = () => page([row(2, 10, { execId: 'a' }), row(1, 20, { execId: 'b' })]);
    const byId = { kind: 'before-id', idField: 'execId', idParam: 'before', pageLimit: 2 } as const;
    expect(await failure(read([lettered], { paging: byId }))).match(
      /^EXCHANGE_BAD_RESPONSE: .* has a row without a number for execId/,
    );
  });

  it('fails where an answer has no list', async () => {
    const empty: Route = () => ({ retCode: 0, result: {} });
    expect(await failure(read([empty]))).match(/^EXCHANGE_BAD_RESPONSE: .* is nothing instead of a list/);
  });
});
