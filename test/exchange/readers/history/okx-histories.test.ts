import { expect } from 'chai';
import type { HistoryDataType } from '#src/domain/data-type.js';
import type { TimeRange } from '#src/domain/time-range.js';
import { okx } from '#src/exchange/profiles/okx.js';
import { OKX_HISTORIES } from '#src/exchange/profiles/okx-histories.js';
import type { Route } from '../../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from '../account-harness.js';
import { answering } from '../answering.js';
import { spotMarket, swapMarket } from '../passing-session.js';
import { pagesOf } from './pages-of.js';

const DAY = 24 * 60 * 60_000;
const PROFILE = { ...okx, ...OKX_HISTORIES };
const MARKETS = [spotMarket('BTC-USDT', 'BTC', 'USDT'), swapMarket('BTC-USDT-SWAP', 'BTC', 'USDT')];
const RANGE = { fromMs: NOW_MS - 10 * DAY, toMs: NOW_MS };
const FILLS = '/api/v5/trade/fills-history';
const BILLS = '/api/v5/account/bills-archive';
const FUNDING_BILLS = '/api/v5/asset/bills-history';

const answer = (data: object[]) => ({ code: '0', msg: '', data });

/** As okx documents it; its amounts are those of the example. */
const fill = (billId: string, fields: object = {}) => ({
  side: 'buy',
  fillSz: '0.00192834',
  fillPx: '51858',
  fillPxVol: '',
  fillFwdPx: '',
  fee: '-0.00000192834',
  fillPnl: '0',
  ordId: '680800019749904384',
  feeRate: '-0.001',
  instType: 'SPOT',
  fillPxUsd: '',
  instId: 'BTC-USDT',
  clOrdId: '',
  posSide: 'net',
  billId,
  subType: '1',
  fillMarkVol: '',
  tag: '',
  fillTime: String(NOW_MS - 1001),
  execType: 'T',
  fillIdxPx: '',
  tradeId: '744876980',
  fillMarkPx: '',
  feeCcy: 'BTC',
  ts: String(NOW_MS - 1000),
  tradeQuoteCcy: 'USDT',
  ...fields,
});

const bill = (billId: string, type: string, fields: object = {}) => ({
  bal: '8694.2179403378290202',
  balChg: '0.0219338232210000',
  billId,
  ccy: 'USDT',
  clOrdId: '',
  execType: '',
  fee: '0',
  from: '',
  instId: '',
  instType: '',
  interest: '0',
  mgnMode: '',
  notes: '',
  ordId: '',
  pnl: '0',
  posBal: '0',
  posBalChg: '0',
  px: '',
  subType: '',
  sz: '',
  tag: '',
  to: '',
  tradeId: '',
  ts: String(NOW_MS - 1000),
  type,
  ...fields,
});

describe('histories of okx', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function read<Type extends HistoryDataType>(
    dataType: Type,
    scope: string,
    route: Route,
    range: TimeRange = RANGE,
  ) {
    harness = await accountBehind(PROFILE, MARKETS, [route]);
    return pagesOf(harness.account, dataType, { scope, range });
  }
  const asked = () => harness.server.requests.map(({ query }) => query);

  it('have fills of spot, which count with the fee that okx writes as a loss', async () => {
    const rows = [fill('680800019754098688')];
    const { records, rejected, covered } = await read('trades', 'SPOT', answering(FILLS, answer(rows)));
    expect(rejected).deep.equal([]);
    expect(covered).deep.equal([RANGE]);
    expect(records).deep.equal([
      {
        symbol: 'BTC/USDT',
        tradeId: '680800019754098688',
        side: 'buy',
        orderId: '680800019749904384',
        kind: 'trade',
        flow: 'exchange',
        base: 'BTC',
        quote: 'USDT',
        settleCurrency: undefined,
        price: '51858',
        amount: '0.00192834',
        cost: '99.99985572',
        realizedPnl: undefined,
        feeCost: '0.00000192834',
        feeCurrency: 'BTC',
        role: 'taker',
        timestampMs: NOW_MS - 1000,
      },
    ]);
    expect(asked()[0]?.get('instType')).equal('SPOT');
    expect(asked()[0]?.get('begin')).equal(String(RANGE.fromMs - 1));
    expect(asked()[0]?.get('end')).equal(String(NOW_MS));
    expect(asked()[0]?.get('limit')).equal('100');
  });

  it('have a rebate as a negative fee, and both fills of a trade with oneself', async () => {
    const rows = [
      fill('12', { fee: '0.000001' }),
      fill('11', { side: 'sell', fee: '-0.01', feeCcy: 'USDT' }),
    ];
    const { records } = await read('trades', 'SPOT', answering(FILLS, answer(rows)));
    expect(records.map(({ tradeId, feeCost }) => [tradeId, feeCost])).deep.equal([
      ['12', '-0.000001'],
      ['11', '0.01'],
    ]);
  });

  it('have fills that were forced, which do not count from here', async () => {
    const rows = ['1', '107', '128', '237', '777'].map((subType, index) =>
      fill(String(20 - index), { subType, instType: 'MARGIN', ts: String(NOW_MS - 1000 - index) }),
    );
    const { records, rejected, covered } = await read('trades', 'MARGIN', answering(FILLS, answer(rows)));
    expect(records.map(({ kind, flow }) => [kind, flow])).deep.equal([
      ['trade', 'none'],
      ['adl', 'none'],
      ['liquidation', 'none'],
      ['trade', 'exchange'],
    ]);
    expect(rejected.map(({ reason }) => reason)).deep.equal(['kind: "777" is no kind of fill that is known']);
    expect(covered.map(({ toMs }) => toMs)).deep.equal([NOW_MS - 1004, NOW_MS]);
  });

  it('have fills of contracts, which change nothing', async () => {
    const rows = [fill('31', { instType: 'SWAP', instId: 'BTC-USDT-SWAP', fillPnl: '-3', feeCcy: 'USDT' })];
    const { records } = await read('trades', 'SWAP', answering(FILLS, answer(rows)));
    expect(records[0]).include({ symbol: 'BTC/USDT:USDT', flow: 'none' });
  });

  it('go back page by page behind the lowest bill', async () => {
    const all = Array.from({ length: 250 }, (_, index) =>
      fill(String(10_000 - index), { ts: String(NOW_MS - 1 - Math.floor(index / 7)) }),
    );
    const { records, covered } = await read('trades', 'SPOT', ({ query }) => {
      const after = query.get('after');
      return answer(
        all.filter(({ billId }) => after === null || Number(billId) < Number(after)).slice(0, 100),
      );
    });
    expect(new Set(records.map(({ tradeId }) => tradeId)).size).equal(250);
    expect(covered).deep.equal([RANGE]);
    expect(asked().map((query) => query.get('after'))).deep.equal([null, '9901', '9801']);
  });

  it('have the bills of the trading account, each of which counts once', async () => {
    const rows = [
      bill('9', '2', {
        instType: 'SPOT',
        instId: 'BTC-USDT',
        subType: '1',
        fee: '-0.000021955779',
        ordId: '62',
      }),
      bill('8', '2', {
        instType: 'SWAP',
        instId: 'BTC-USDT-SWAP',
        mgnMode: 'isolated',
        subType: '5',
        balChg: '90.5',
        posBalChg: '-100',
        pnl: '-9',
        fee: '-0.5',
        ordId: '62',
      }),
      bill('7', '8', {
        instType: 'SWAP',
        subType: '174',
        pnl: '0.0219338232210000',
        mgnMode: 'isolated',
        balChg: '0',
      }),
      bill('6', '1', { subType: '12', balChg: '-4', sz: '-4', from: '18', to: '6' }),
      bill('5', '7', { subType: '9', balChg: '-0.01', interest: '-0.01' }),
      bill('4', '6', { subType: '160', balChg: '-5', posBalChg: '5' }),
      bill('3', '27', { subType: '318', balChg: '7' }),
      bill('2', '3', { instType: 'FUTURES', subType: '112', pnl: '12', balChg: '12' }),
      bill('1', '999', { balChg: '1.5', fee: '-0.5' }),
    ];
    const { records, rejected } = await read('ledger', 'wallet=TRADING', answering(BILLS, answer(rows)));
    expect(rejected).deep.equal([]);
    expect(
      records.map(({ rawKind, kind, amount, feeCost, counts }) => [rawKind, kind, amount, feeCost, counts]),
    ).deep.equal([
      ['2 SPOT', 'trade', '0.021955779', '0.000021955779', false],
      ['2 SWAP', 'profit', '-9', '0.5', true],
      ['8 SWAP', 'funding', '0.0219338232210000', '0', true],
      ['1', 'transfer', '-4', '0', false],
      ['7', 'interest', '-0.01', '0', true],
      ['6', 'transfer', '-5', '0', false],
      ['27', 'conversion', '7', '0', true],
      ['3 FUTURES', 'settlement', '12', '0', true],
      ['999', 'other', '2', '0.5', true],
    ]);
    expect(records[1]).include({ wallet: 'TRADING', symbol: 'BTC/USDT:USDT', reference: '62', id: '8' });
    expect(records[1]?.balanceAfter).equal('8694.2179403378290202');
    expect(asked()[0]?.get('instType')).equal(null);
  });

  it('have the bills of the funding account, without what the lists of transfers have', async () => {
    const row = (billId: string, type: string, balChg: string) => ({
      billId,
      ccy: 'BTC',
      clientId: '',
      balChg,
      bal: '12',
      type,
      ts: String(NOW_MS - 1000),
      notes: '',
    });
    const rows = [
      row('6', '1', '2'),
      row('5', '2', '-1'),
      row('4', '131', '-1'),
      row('3', '20', '-3'),
      row('2', '76', '4'),
      row('1', '4711', '5'),
    ];
    const { records, rejected } = await read(
      'ledger',
      'wallet=FUNDING',
      answering(FUNDING_BILLS, answer(rows), { before: String(RANGE.fromMs - 1), after: String(NOW_MS) }),
    );
    expect(rejected).deep.equal([]);
    expect(records.map(({ rawKind, kind, amount, counts }) => [rawKind, kind, amount, counts])).deep.equal([
      ['1', 'transfer', '2', false],
      ['2', 'transfer', '-1', false],
      ['131', 'transfer', '-1', false],
      ['20', 'transfer', '-3', true],
      ['76', 'transfer', '4', true],
      ['4711', 'other', '5', true],
    ]);
    expect(records[0]).include({ wallet: 'FUNDING', balanceAfter: '12', feeCost: undefined });
  });

  it('have deposits and withdrawals', async () => {
    const deposit = (depId: string, state: string) => ({
      actualDepBlkConfirm: '2',
      amt: '1',
      areaCodeFrom: '',
      ccy: 'USDT',
      chain: 'USDT-TRC20',
      depId,
      from: '',
      fromWdId: '',
      state,
      to: 'TN4hGjVXMzy*********9b4N1aGizqs',
      ts: String(NOW_MS - 1000),
      txId: 'fee235b3e812********857d36bb0426917f0df1802',
    });
    const rows = [deposit('3', '2'), deposit('2', '1'), deposit('1', '12')];
    const { records, rejected } = await read(
      'transfers',
      'deposits',
      answering('/api/v5/asset/deposit-history', answer(rows)),
    );
    expect(rejected).deep.equal([]);
    expect(records.map(({ status, change }) => [status, change])).deep.equal([
      ['ok', '1'],
      ['ok', '1'],
      ['pending', '1'],
    ]);
    expect(records[0]).include({ id: '3', toWallet: 'FUNDING', network: 'TRC20', rawStatus: '2' });
    await harness.server.close();
    const withdrawal = (wdId: string, state: string) => ({
      note: '',
      chain: 'ETH-Ethereum',
      fee: '0.007',
      feeCcy: 'ETH',
      ccy: 'ETH',
      clientId: '',
      toAddrType: '1',
      amt: '0.029809',
      txId: '0x35c360*****bfbf6d',
      from: '156****359',
      areaCodeFrom: '86',
      to: '0xa30d1fab********7CF18C7B6C579',
      state,
      ts: String(NOW_MS - 1000),
      nonTradableAsset: false,
      wdId,
    });
    const out = await read(
      'transfers',
      'withdrawals',
      answering(
        '/api/v5/asset/withdrawal-history',
        answer(
          ['2', '-1', '-2', '-3', '0', '17'].map((state, index) => withdrawal(String(9 - index), state)),
        ),
      ),
    );
    expect(out.rejected).deep.equal([]);
    expect(out.records.map(({ status }) => status)).deep.equal([
      'ok',
      'failed',
      'canceled',
      'pending',
      'pending',
      'pending',
    ]);
    expect(out.records[0]).include({ change: '-0.036809', feeCost: '0.007', fromWallet: 'FUNDING' });
  });

  it('have moves between the two accounts, which change nothing', async () => {
    const rows = [
      bill('2', '1', {
        subType: '12',
        balChg: '-4.0000000000000000',
        sz: '-4',
        from: '18',
        to: '6',
        fee: '',
        pnl: '',
      }),
      bill('1', '1', { subType: '11', balChg: '3', sz: '3', from: '6', to: '18', fee: '', pnl: '' }),
    ];
    const { records, rejected } = await read(
      'transfers',
      'internal',
      answering(BILLS, answer(rows), { type: '1' }),
    );
    expect(rejected).deep.equal([]);
    expect(
      records.map(({ id, amount, change, fromWallet, toWallet, status }) => [
        id,
        amount,
        change,
        fromWallet,
        toWallet,
        status,
      ]),
    ).deep.equal([
      ['2', '4', '0', 'TRADING', 'FUNDING', 'ok'],
      ['1', '3', '0', 'FUNDING', 'TRADING', 'ok'],
    ]);
  });
});
