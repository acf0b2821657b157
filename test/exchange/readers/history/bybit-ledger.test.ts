import { expect } from 'chai';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { Route } from '../../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from '../account-harness.js';
import { answering } from '../answering.js';
import { spotMarket, swapMarket } from '../passing-session.js';
import { recorded } from '../recorded.js';
import { pagesOf } from './pages-of.js';

const LIST = '/v5/account/transaction-log';
const DAY = 24 * 60 * 60_000;
const MARKETS = [
  spotMarket('LTCUSDT', 'LTC', 'USDT'),
  swapMarket('LTCUSDT', 'LTC', 'USDT'),
  swapMarket('BTCUSD', 'BTC', 'USD', 'BTC'),
];
const RANGE = { fromMs: NOW_MS - DAY, toMs: NOW_MS };

const entry = (id: string, agoMs: number, fields: object = {}) => ({
  id,
  symbol: 'LTCUSDT',
  category: 'linear',
  transactionTime: String(NOW_MS - agoMs),
  type: 'TRADE',
  funding: '',
  fee: '0.25',
  cashFlow: '10',
  change: '9.75',
  cashBalance: '109.75',
  currency: 'USDT',
  tradeId: 'fill',
  ...fields,
});
const page = (list: object[], nextPageCursor = '') => ({ retCode: 0, result: { list, nextPageCursor } });

describe('the ledger of bybit', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function read(range: { fromMs: number; toMs: number }, ...routes: Route[]) {
    harness = await accountBehind(bybit, MARKETS, routes);
    return pagesOf(harness.account, 'ledger', { scope: 'UNIFIED', range });
  }
  const rows = async (...list: object[]) => (await read(RANGE, answering(LIST, page(list)))).records;

  it('is what bybit sent, with the sign and the balance that ccxt loses', async function () {
    const { httpResponse } = recorded<{ methods: { fetchLedger: [{ httpResponse: object }] } }>(
      this,
      'ccxt-static/bybit.json',
    ).methods.fetchLedger[0];
    const hasCursor: Route = ({ query }) => (query.get('cursor') === null ? undefined : page([]));
    const range = { fromMs: 1_707_890_000_000, toMs: 1_707_900_000_000 };
    const { records, covered } = await read(range, hasCursor, answering(LIST, httpResponse));
    expect(covered).deep.equal([range]);
    expect(records).deep.equal([
      {
        id: '452265_LTCUSDT_157751525050',
        kind: 'funding',
        counts: true,
        rawKind: 'linear SETTLEMENT',
        currency: 'USDT',
        amount: '-0.0006935',
        feeCost: '0',
        wallet: 'UNIFIED',
        symbol: 'LTC/USDT:USDT',
        balanceAfter: '94.05070437',
        reference: '25cf3f0b-230e-4c30-82f1-24d060592d89',
        timestampMs: 1_707_897_600_000,
      },
    ]);
  });

  it('has the amount without the fee, so that both together are what changed', async () => {
    const [paid, rebate] = await rows(
      entry('a', 10),
      entry('b', 20, { fee: '-0.5', change: '0.5', cashFlow: '0' }),
    );
    expect([paid?.amount, paid?.feeCost]).deep.equal(['10', '0.25']);
    expect([rebate?.amount, rebate?.feeCost]).deep.equal(['0', '-0.5']);
  });

  it('counts what no other list has', async () => {
    const records = await rows(
      entry('contract', 1),
      entry('coins', 2, { category: 'spot' }),
      entry('in', 3, { type: 'TRANSFER_IN', category: '', symbol: '' }),
      entry('interest', 4, { type: 'INTEREST', category: '', symbol: '' }),
      entry('unheard', 5, { type: 'SOMETHING_NEW', category: '', symbol: '' }),
      entry('word', 6, { type: 'constructor', category: '', symbol: '' }),
    );
    expect(records.map(({ id, kind, counts, symbol }) => [id, kind, counts, symbol])).deep.equal([
      ['contract', 'profit', true, 'LTC/USDT:USDT'],
      ['coins', 'trade', false, 'LTC/USDT'],
      ['in', 'transfer', false, undefined],
      ['interest', 'interest', true, undefined],
      ['unheard', 'other', true, undefined],
      ['word', 'other', true, undefined],
    ]);
  });

  it('sets a row without an amount, an id or a currency aside', async () => {
    const list = [entry('a', 10, { change: '' }), entry('', 20), entry('c', 30, { currency: '' })];
    const { records, rejected, covered } = await read(RANGE, answering(LIST, page(list)));
    expect(records).deep.equal([]);
    expect(rejected.map(({ row, reason, timestampMs }) => [row, reason, timestampMs])).deep.equal([
      ['ledger row a', 'amount: the exchange did not say it', NOW_MS - 10],
      ['ledger row undefined', 'id: undefined is not a text of 1 to 200 characters', NOW_MS - 20],
      ['ledger row c', 'currency: undefined is not a text of 1 to 200 characters', NOW_MS - 30],
    ]);
    expect(covered.at(-1)).deep.equal({ fromMs: NOW_MS - 9, toMs: NOW_MS });
    expect(covered).length(4);
  });
});

describe('the ledger of the funding wallet of bybit', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  const createTime = String(Math.floor(NOW_MS / 1000) - 60);
  const entry = (fields: object = {}) => ({
    memberId: '1',
    currency: 'USDT',
    ioDirection: 'I',
    txnAmt: '2.5',
    afterAmt: '12.5',
    createTime,
    showBusiType: 'fundingAccountRecordEarn',
    description: 'fundingAccountRecordFlexSavingInterestDistribution',
    ...fields,
  });

  async function rows(...list: object[]) {
    harness = await accountBehind(bybit, MARKETS, [answering('/v5/asset/fundinghistory', page(list))]);
    return pagesOf(harness.account, 'ledger', { scope: 'FUND', range: RANGE });
  }

  it('is asked for in whole seconds around the range, which is known as a whole', async () => {
    const { covered } = await rows();
    const [request] = harness.server.requests;
    expect(request?.query.get('createTimeFrom')).equal(String(Math.floor(RANGE.fromMs / 1000)));
    expect(request?.query.get('createTimeTo')).equal(String(Math.ceil((RANGE.toMs - 1) / 1000)));
    expect(covered).deep.equal([RANGE]);
  });

  it('has the sign of the direction, and rows that differ in nothing but the balance after them', async () => {
    const { records } = await rows(
      entry(),
      entry({ afterAmt: '10' }),
      entry({
        ioDirection: 'O',
        afterAmt: '7.5',
        showBusiType: 'fundingAccountRecordConvert',
        description: 'x',
      }),
    );
    expect(records.map(({ amount, balanceAfter, kind }) => [amount, balanceAfter, kind])).deep.equal([
      ['2.5', '12.5', 'reward'],
      ['2.5', '10', 'reward'],
      ['-2.5', '7.5', 'conversion'],
    ]);
    expect(records[0]).include({ wallet: 'FUND', counts: true, timestampMs: Number(createTime) * 1000 });
  });

  it('does not count what the transfers have', async () => {
    const { records } = await rows(
      entry({ showBusiType: 'fundingAccountRecordTypeDeposit', description: 'a' }),
      entry({
        showBusiType: 'any',
        description: 'fundingAccountRecordTransfer2TradingAccount',
        ioDirection: 'O',
      }),
      entry({ showBusiType: 'fundingAccountRecordSomethingNew', description: 'b' }),
    );
    expect(records.map(({ kind, counts }) => [kind, counts])).deep.equal([
      ['transfer', false],
      ['transfer', false],
      ['other', true],
    ]);
  });
});
