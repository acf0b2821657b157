import { expect } from 'chai';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { TradeScopeProfile } from '#src/exchange/profiles/history-scopes.js';
import { accountBehind, type Harness, NOW_MS } from '../account-harness.js';
import { answering } from '../answering.js';
import { spotMarket } from '../passing-session.js';
import { LIST_PATH, wire } from './paged-list.js';
import { pagesOf } from './pages-of.js';

const RANGE = { fromMs: NOW_MS - 1000, toMs: NOW_MS };
const page = (list: object[], nextPageCursor = '') => ({ retCode: 0, result: { list, nextPageCursor } });
const row = (id: number, agoMs: number) => wire({ id, timeMs: NOW_MS - agoMs });

describe('a history through a unified method of ccxt', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  const scope = (terms: Partial<TradeScopeProfile>): TradeScopeProfile => ({
    id: 'unified',
    method: 'fetchMyTrades',
    params: { type: 'spot' },
    paging: { kind: 'cursor', cursorField: 'nextPageCursor', cursorParam: 'cursor', pageLimit: 100 },
    range: { from: 'startTime', to: 'endTime', includesFrom: true, includesTo: true },
    servedFromMs: 0,
    lateMs: 0,
    flow: 'exchange',
    ...terms,
  });

  it('follows the cursor that ccxt leaves in a row, and knows the row again without it', async () => {
    const trades = [scope({})];
    harness = await accountBehind(
      { ...bybit, trades },
      [spotMarket('BTCUSDT', 'BTC', 'USDT')],
      [
        answering(LIST_PATH, page([row(2, 20), row(1, 30)]), { cursor: 'second' }),
        answering(LIST_PATH, page([row(3, 10), row(2, 20)], 'second')),
      ],
    );
    const { records, covered } = await pagesOf(harness.account, 'trades', { scope: 'unified', range: RANGE });
    expect(records.map(({ tradeId }) => tradeId).sort()).deep.equal(['1', '2', '3']);
    expect(covered).deep.equal([RANGE]);
    expect(harness.server.requests[0]?.query.get('limit')).equal('100');
  });

  it('keeps a row that is set aside without what ccxt added', async () => {
    const trades = [scope({ kindField: 'execType', kinds: {} })];
    harness = await accountBehind(
      { ...bybit, trades },
      [spotMarket('BTCUSDT', 'BTC', 'USDT')],
      [answering(LIST_PATH, page([]), { cursor: 'x' }), answering(LIST_PATH, page([row(1, 10)], 'x'))],
    );
    const { rejected } = await pagesOf(harness.account, 'trades', { scope: 'unified', range: RANGE });
    expect(rejected[0]?.raw).not.nested.property('info.nextPageCursor');
  });

  it("asks by ccxt's own since where the exchange's parameter is not named", async () => {
    const range = { to: 'until', includesFrom: true, includesTo: true };
    const trades = [scope({ range, paging: { kind: 'after-time', pageLimit: 2 } })];
    harness = await accountBehind(
      { ...bybit, trades },
      [spotMarket('BTCUSDT', 'BTC', 'USDT')],
      [
        answering(LIST_PATH, page([row(3, 10)]), { startTime: String(NOW_MS - 20) }),
        answering(LIST_PATH, page([row(1, 30), row(2, 20)])),
      ],
    );
    const { records, covered } = await pagesOf(harness.account, 'trades', { scope: 'unified', range: RANGE });
    expect(records.map(({ tradeId }) => tradeId)).deep.equal(['1', '2', '3']);
    expect(covered).deep.equal([RANGE]);
    const asked = harness.server.requests.map(({ query }) => [query.get('startTime'), query.get('endTime')]);
    expect(asked).deep.equal([
      [String(NOW_MS - 1000), String(NOW_MS - 1)],
      [String(NOW_MS - 20), String(NOW_MS - 1)],
    ]);
  });
});
