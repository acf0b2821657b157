import { expect } from 'chai';
import { bybit } from '#src/exchange/profiles/bybit.js';
import { accountBehind, type Harness } from './account-harness.js';
import { answering } from './answering.js';
import { readContext, spotMarket, swapMarket } from './passing-session.js';
import { recorded } from './recorded.js';

const POSITIONS = '/v5/position/list';
const MARKETS = [
  spotMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('BTCUSDT', 'BTC', 'USDT'),
  swapMarket('ETHUSDT', 'ETH', 'USDT'),
  swapMarket('LTCUSDT', 'LTC', 'USDT'),
  swapMarket('SOLUSDT', 'SOL', 'USDT'),
  swapMarket('BTCUSD', 'BTC', 'USD', 'BTC'),
];

interface BybitPosition {
  symbol: string;
  side: string;
  size: string;
  avgPrice: string;
  unrealisedPnl: string;
}
interface PositionAnswer {
  result: { list: BybitPosition[]; nextPageCursor?: string };
}

const slot = (fields: object) => ({
  symbol: 'BTCUSDT',
  side: 'Buy',
  size: '1',
  avgPrice: '100',
  markPrice: '101',
  unrealisedPnl: '1',
  positionIdx: 0,
  leverage: '10',
  liqPrice: '',
  ...fields,
});
const answer = (...list: object[]) => ({ retCode: 0, result: { list, nextPageCursor: '' } });

describe('positions of bybit', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function read(body: unknown, scope = 'linear:USDT') {
    harness = await accountBehind(bybit, MARKETS, [
      answering(POSITIONS, answer(), { cursor: 'LTCUSDT,1699948800031,0' }),
      answering(POSITIONS, body),
    ]);
    return harness.account.readPositions(scope, readContext());
  }

  it('are what bybit sent', async function () {
    const body = recorded<PositionAnswer>(this, 'wire/bybit/http_get_positions.json');
    const { records, rejected } = await read(body);
    expect(rejected).deep.equal([]);
    const held = body.result.list.filter(({ size }) => Number(size) !== 0);
    expect(records).length(held.length);
    for (const { symbol, side, size, avgPrice, unrealisedPnl } of held) {
      const record = records.find((candidate) => candidate.symbol.startsWith(symbol.replace('USDT', '/')));
      expect(record).deep.include({
        side: side === 'Buy' ? 'long' : 'short',
        entryPrice: avgPrice,
        unrealizedPnl: unrealisedPnl,
        settleCurrency: 'USDT',
      });
      expect([Number(record?.contracts), Number(record?.quantity)]).deep.equal([Number(size), Number(size)]);
    }
  });

  it('are followed to the page that is empty, as bybit names one after the last', async function () {
    const { httpResponse } = recorded<{ methods: { fetchPositions: [{ httpResponse: PositionAnswer }] } }>(
      this,
      'ccxt-static/bybit.json',
    ).methods.fetchPositions[0];
    const { records, pages } = await read(httpResponse);
    expect(pages).equal(2);
    expect(records).deep.equal([
      {
        symbol: 'LTC/USDT:USDT',
        side: 'long',
        marginMode: 'unknown',
        quantity: '1.2',
        contracts: '1.2',
        entryPrice: '64.59947917',
        markPrice: '71.1',
        unrealizedPnl: '7.800625',
        leverage: '6',
        liquidationPrice: undefined,
        settleCurrency: 'USDT',
        timestampMs: 1699948800031,
      },
    ]);
  });

  it('are both sides of a hedged account, without its empty slots', async () => {
    const { records, rejected } = await read(
      answer(
        slot({ positionIdx: 1, side: 'Buy', size: '2' }),
        slot({ positionIdx: 2, side: 'Sell', size: '3' }),
        slot({ symbol: 'ETHUSDT', side: '', size: '0', avgPrice: '0' }),
      ),
    );
    expect(rejected).deep.equal([]);
    expect(records.map(({ side, contracts }) => [side, contracts])).deep.equal([
      ['long', '2'],
      ['short', '3'],
    ]);
  });

  it('keep a profit of zero, which ccxt turns into nothing', async () => {
    const { records } = await read(answer(slot({ unrealisedPnl: '0' })));
    expect(records[0]?.unrealizedPnl).equal('0');
  });

  it('of inverse contracts have no quantity in the base currency', async () => {
    const { records } = await read(answer(slot({ symbol: 'BTCUSD', size: '500' })), 'inverse');
    expect(records[0]).include({ symbol: 'BTC/USD:BTC', contracts: '500', settleCurrency: 'BTC' });
    expect(records[0]?.quantity).equal(undefined);
  });

  it('in a market that was listed today are read with the markets anew', async () => {
    const markets = [spotMarket('BTCUSDT', 'BTC', 'USDT')];
    const body = answer(slot({ size: '2' }));
    harness = await accountBehind(bybit, markets, [answering(POSITIONS, body)], MARKETS.slice(1));
    const { records, rejected } = await harness.account.readPositions('linear:USDT', readContext());
    expect(rejected).deep.equal([]);
    expect(records.map(({ symbol, quantity }) => [symbol, quantity])).deep.equal([['BTC/USDT:USDT', '2']]);
  });

  it('are never taken for one in the spot market of the same name', async () => {
    const markets = [spotMarket('BTCUSDT', 'BTC', 'USDT')];
    harness = await accountBehind(bybit, markets, [answering(POSITIONS, answer(slot({})))]);
    for (const requests of [2, 3]) {
      const { records, rejected } = await harness.account.readPositions('linear:USDT', readContext());
      expect(records).deep.equal([]);
      expect(rejected.map(({ row }) => row)).deep.equal(['position in BTC/USDT']);
      expect(harness.server.requests, 'the markets are asked for once').length(requests);
    }
  });

  it('are set aside where they are no positions', async () => {
    const { records, rejected } = await read(
      answer(slot({ size: '' }), slot({ symbol: 'NEWUSDT' }), slot({ symbol: 'ETHUSDT', side: 'None' })),
    );
    expect(records).deep.equal([]);
    expect(rejected.map(({ row, reason }) => [row, reason.replace(/:.*/, '')])).deep.equal([
      ['position in BTC/USDT:USDT', 'contracts'],
      ['position in NEWUSDT', 'symbol'],
      ['position in ETH/USDT:USDT', 'side'],
    ]);
  });
});
