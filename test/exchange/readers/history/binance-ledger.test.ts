import { expect } from 'chai';
import type { TimeRange } from '#src/domain/time-range.js';
import { binance } from '#src/exchange/profiles/binance.js';
import { BINANCE_HISTORIES } from '#src/exchange/profiles/binance-histories.js';
import type { Route } from '../../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from '../account-harness.js';
import { answering } from '../answering.js';
import { spotMarket, swapMarket } from '../passing-session.js';
import { pagesOf } from './pages-of.js';

const DAY = 24 * 60 * 60_000;
const PROFILE = { ...binance, ...BINANCE_HISTORIES };
const MARKETS = [spotMarket('BTCUSDT', 'BTC', 'USDT'), swapMarket('BTCUSDT', 'BTC', 'USDT')];
const RANGE = { fromMs: NOW_MS - 10 * DAY, toMs: NOW_MS };

/** A row as binance documents it. */
const income = (incomeType: string, amount: string, tranId: number, fields: object = {}) => ({
  symbol: 'BTCUSDT',
  incomeType,
  income: amount,
  asset: 'USDT',
  info: incomeType,
  time: NOW_MS - 1000,
  tranId,
  tradeId: '2059192',
  ...fields,
});

describe('the ledger of binance', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function read(scope: string, range: TimeRange, ...routes: Route[]) {
    harness = await accountBehind(PROFILE, MARKETS, routes);
    return pagesOf(harness.account, 'ledger', { scope, range });
  }

  it('has what the futures wallets gained and lost, with its sign', async () => {
    const rows = [
      income('REALIZED_PNL', '-0.37500000', 1),
      income('COMMISSION', '-0.01000000', 1, { asset: 'BNB' }),
      income('FUNDING_FEE', '0.00134317', 2, { tradeId: '' }),
      income('TRANSFER', '10.00000000', 3, { symbol: '', tradeId: '' }),
      income('SOMETHING_NEW', '0', 4),
    ];
    const { records, rejected, covered } = await read(
      'wallet=UMFUTURE',
      RANGE,
      answering('/fapi/v1/income', rows),
    );
    expect(rejected).deep.equal([]);
    expect(covered).deep.equal([RANGE]);
    expect(records.map(({ kind, amount, currency, counts }) => [kind, amount, currency, counts])).deep.equal([
      ['profit', '-0.375', 'USDT', true],
      ['fee', '-0.01', 'BNB', true],
      ['funding', '0.00134317', 'USDT', true],
      ['transfer', '10.00000000', 'USDT', false],
      ['other', '0', 'USDT', true],
    ]);
    expect(records[0]).deep.equal({
      id: 'REALIZED_PNL:1:USDT',
      kind: 'profit',
      rawKind: 'REALIZED_PNL',
      currency: 'USDT',
      amount: '-0.375',
      feeCost: undefined,
      counts: true,
      wallet: 'UMFUTURE',
      symbol: 'BTC/USDT:USDT',
      balanceAfter: undefined,
      reference: '2059192',
      timestampMs: NOW_MS - 1000,
    });
    expect(records[3]).include({ symbol: undefined, reference: undefined });
  });

  it('of an account that is cleared of small debts in two coins has a row for each', async () => {
    const rows = [
      income('AUTO_EXCHANGE', '-1', 7, { symbol: '', asset: 'BTC' }),
      income('AUTO_EXCHANGE', '60000', 7, { symbol: '', asset: 'USDT' }),
    ];
    const { records } = await read('wallet=UMFUTURE', RANGE, answering('/fapi/v1/income', rows));
    expect(records.map(({ currency, amount }) => [currency, amount])).deep.equal([
      ['BTC', '-1'],
      ['USDT', '60000'],
    ]);
  });

  it('goes on from the newest row of a full page', async () => {
    const rows = Array.from({ length: 1500 }, (_, index) =>
      income('COMMISSION', '-1', index, { time: RANGE.fromMs + Math.floor(index / 3) }),
    );
    const { records, covered } = await read('wallet=CMFUTURE', RANGE, ({ path, query }) =>
      path !== '/dapi/v1/income'
        ? undefined
        : rows.filter(({ time }) => time >= Number(query.get('startTime'))).slice(0, 1000),
    );
    expect(new Set(records.map(({ id }) => id)).size).equal(1500);
    expect(covered).deep.equal([RANGE]);
    expect(harness.server.requests.length).equal(2);
  });

  it('has what is distributed into spot', async () => {
    const rows = [
      {
        id: 1637366104,
        amount: '10.00000000',
        asset: 'BHFT',
        divTime: NOW_MS - 5,
        enInfo: 'BHFT distribution',
        tranId: 2968885920,
        direction: 1,
      },
    ];
    const { records, rejected } = await read(
      'distributions',
      RANGE,
      answering('/sapi/v1/asset/assetDividend', { rows, total: 1 }, { limit: '500' }),
    );
    expect(rejected).deep.equal([]);
    expect(records).deep.equal([
      {
        id: '1637366104',
        kind: 'reward',
        rawKind: 'BHFT distribution',
        currency: 'BHFT',
        amount: '10.00000000',
        feeCost: undefined,
        counts: true,
        wallet: 'MAIN',
        symbol: undefined,
        balanceAfter: undefined,
        reference: undefined,
        timestampMs: NOW_MS - 5,
      },
    ]);
  });

  it('asks for a list that may be cut again in halves, whichever end is missing', async () => {
    const all = Array.from({ length: 900 }, (_, index) => ({
      id: index + 1,
      amount: '1',
      asset: 'BTC',
      divTime: NOW_MS - index * 60_000 - 1,
      enInfo: 'Flexible',
      tranId: 1,
    }));
    const { records, covered } = await read('distributions', RANGE, ({ query }) => {
      const [from, to] = [Number(query.get('startTime')), Number(query.get('endTime'))];
      return { rows: all.filter(({ divTime }) => divTime >= from && divTime <= to).slice(0, 500) };
    });
    expect(new Set(records.map(({ id }) => id)).size).equal(900);
    expect(covered).deep.equal([RANGE]);
  });

  it('has both sides of a conversion that was made', async () => {
    const conversion = {
      quoteId: 'f3b91c525b2644c7bc1e1cd31b6e1aa6',
      orderId: 940708407462087195n.toString(),
      orderStatus: 'SUCCESS',
      fromAsset: 'USDT',
      fromAmount: '20',
      toAsset: 'BNB',
      toAmount: '0.06154036',
      ratio: '0.00307702',
      inverseRatio: '324.99',
      createTime: NOW_MS - 9,
    };
    const failed = { ...conversion, orderId: '2', orderStatus: 'FAIL' };
    const { records, rejected } = await read(
      'conversions',
      RANGE,
      answering('/sapi/v1/convert/tradeFlow', { list: [conversion, failed], limit: 1000, moreData: false }),
    );
    expect(rejected).deep.equal([]);
    expect(
      records.map(({ id, kind, currency, amount, reference }) => [id, kind, currency, amount, reference]),
    ).deep.equal([
      ['940708407462087195:from', 'conversion', 'USDT', '-20', '940708407462087195'],
      ['940708407462087195:to', 'conversion', 'BNB', '0.06154036', '940708407462087195'],
    ]);
  });

  it('has what became BNB of small balances, without the charge', async () => {
    const detail = (fromAsset: string, amount: string, transferedAmount: string) => ({
      transId: 45178372831,
      serviceChargeAmount: '0.000009',
      amount,
      operateTime: NOW_MS - 7,
      transferedAmount,
      fromAsset,
    });
    const body = {
      total: 1,
      userAssetDribblets: [
        {
          operateTime: NOW_MS - 7,
          totalTransferedAmount: '0.00132256',
          totalServiceChargeAmount: '0.00002699',
          transId: 45178372831,
          userAssetDribbletDetails: [
            detail('USDT', '0.0009', '0.000441'),
            detail('BTC', '0.00000001', '0.0004'),
          ],
        },
      ],
    };
    const { records, rejected } = await read(
      'small-balances',
      RANGE,
      answering('/sapi/v1/asset/dribblet', body),
    );
    expect(rejected).deep.equal([]);
    expect(records.map(({ id, currency, amount }) => [id, currency, amount])).deep.equal([
      ['45178372831:USDT:from', 'USDT', '-0.0009'],
      ['45178372831:USDT:to', 'BNB', '0.000441'],
      ['45178372831:BTC:from', 'BTC', '-0.00000001'],
      ['45178372831:BTC:to', 'BNB', '0.0004'],
    ]);
  });
});
