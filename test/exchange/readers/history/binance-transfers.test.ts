import { expect } from 'chai';
import type { TimeRange } from '#src/domain/time-range.js';
import { binance } from '#src/exchange/profiles/binance.js';
import { BINANCE_HISTORIES } from '#src/exchange/profiles/binance-histories.js';
import type { Route } from '../../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from '../account-harness.js';
import { answering } from '../answering.js';
import { spotMarket } from '../passing-session.js';
import { pagesOf } from './pages-of.js';

const DAY = 24 * 60 * 60_000;
const PROFILE = { ...binance, ...BINANCE_HISTORIES };
const RANGE = { fromMs: NOW_MS - 60 * DAY, toMs: NOW_MS };
const DEPOSITS = '/sapi/v1/capital/deposit/hisrec';
const WITHDRAWALS = '/sapi/v1/capital/withdraw/history';

const deposit = (id: string, status: number, fields: object = {}) => ({
  id,
  amount: '0.00999800',
  coin: 'PAXG',
  network: 'ETH',
  status,
  address: '0x788cabe9236ce061e5a892e1a59395a81fc8d62c',
  addressTag: '',
  txId: '0xaad4654a3234aa6118af9b4b335f5ae81c360b2394721c019b5d1e75328b09f3',
  insertTime: NOW_MS - 10 * DAY,
  transferType: 0,
  confirmTimes: '12/12',
  unlockConfirm: '12/12',
  walletType: 0,
  ...fields,
});

/** Applied for at 10:00:00 of the day before. */
const withdrawal = (id: string, status: number, fields: object = {}) => ({
  id,
  amount: '8.91000000',
  transactionFee: '0.004',
  coin: 'USDT',
  status,
  address: '0x94df8b352de7f46f64b01d3666bf6e936e44ce60',
  txId: '0xb5ef8c13b968a406cc62a93a8bd80f9e9a906ef1b3fcf20a2e48573c17659268',
  applyTime: '2025-09-17 10:00:00',
  network: 'ETH',
  transferType: 0,
  walletType: 0,
  ...fields,
});

describe('transfers of binance', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function read(scope: string, range: TimeRange, ...routes: Route[]) {
    harness = await accountBehind(PROFILE, [spotMarket('BTCUSDT', 'BTC', 'USDT')], routes);
    return pagesOf(harness.account, 'transfers', { scope, range });
  }
  const times = () =>
    harness.server.requests.map(({ query }) => [
      Number(query.get('startTime')),
      Number(query.get('endTime')),
    ]);

  it('are deposits, which count once binance has credited them', async () => {
    const rows = [0, 6, 7, 8, 1, 2].map((status, index) => deposit(`d${index}`, status));
    const { records, rejected, covered } = await read('deposits', RANGE, answering(DEPOSITS, rows));
    expect(rejected).deep.equal([]);
    expect(covered).deep.equal([RANGE]);
    expect(records.map(({ status, rawStatus }) => [rawStatus, status])).deep.equal([
      ['0', 'pending'],
      ['6', 'ok'],
      ['7', 'failed'],
      ['8', 'pending'],
      ['1', 'ok'],
      ['2', 'failed'],
    ]);
    expect(records[1]).deep.equal({
      kind: 'deposit',
      id: 'd1',
      currency: 'PAXG',
      amount: '0.00999800',
      feeCost: undefined,
      change: '0.009998',
      fromWallet: undefined,
      toWallet: 'MAIN',
      status: 'ok',
      rawStatus: '6',
      network: 'ERC20',
      address: '0x788cabe9236ce061e5a892e1a59395a81fc8d62c',
      transactionId: '0xaad4654a3234aa6118af9b4b335f5ae81c360b2394721c019b5d1e75328b09f3',
      timestampMs: NOW_MS - 10 * DAY,
    });
  });

  it('are withdrawals, the fee of which is paid beside the amount', async () => {
    const rows = [0, 1, 2, 3, 4, 5, 6].map((status) => withdrawal(`w${status}`, status, { walletType: 1 }));
    const { records, rejected } = await read('withdrawals', RANGE, answering(WITHDRAWALS, rows));
    expect(rejected).deep.equal([]);
    expect(records.map(({ status }) => status)).deep.equal([
      'pending',
      'canceled',
      'pending',
      'failed',
      'pending',
      'failed',
      'ok',
    ]);
    expect(records[6]).include({
      kind: 'withdrawal',
      amount: '8.91000000',
      feeCost: '0.004',
      change: '-8.914',
      fromWallet: 'FUNDING',
      toWallet: undefined,
      timestampMs: Date.UTC(2025, 8, 17, 10),
    });
  });

  it('are asked for in windows below ninety days, with the exchange’s own end', async () => {
    const range = { fromMs: NOW_MS - 100 * DAY, toMs: NOW_MS };
    const { covered } = await read('withdrawals', range, answering(WITHDRAWALS, []));
    expect(covered).deep.equal([range]);
    expect(times()).deep.equal([
      [NOW_MS - 89 * DAY - 1, NOW_MS],
      [NOW_MS - 100 * DAY - 1, NOW_MS - 89 * DAY],
    ]);
  });

  it('between two mirrored wallets change nothing', async () => {
    const row = {
      asset: 'USDT',
      amount: '25',
      type: 'MAIN_UMFUTURE',
      status: 'CONFIRMED',
      tranId: 43000126248,
      timestamp: NOW_MS - 5,
    };
    const { records, covered } = await read(
      'internal:MAIN_UMFUTURE',
      RANGE,
      answering('/sapi/v1/asset/transfer', { total: 1, rows: [row] }, { type: 'MAIN_UMFUTURE', size: '100' }),
    );
    expect(covered).deep.equal([RANGE]);
    expect(records).deep.equal([
      {
        kind: 'internal',
        id: '43000126248',
        currency: 'USDT',
        amount: '25',
        feeCost: undefined,
        change: '0',
        fromWallet: 'MAIN',
        toWallet: 'UMFUTURE',
        status: 'ok',
        rawStatus: 'CONFIRMED',
        network: undefined,
        address: undefined,
        transactionId: undefined,
        timestampMs: NOW_MS - 5,
      },
    ]);
  });

  it('to and from wallets that are not mirrored change what is held', async () => {
    const row = (type: string, status: string) => ({
      total: 1,
      rows: [{ asset: 'USDT', amount: '25', type, status, tranId: 1, timestamp: NOW_MS - 5 }],
    });
    const out = await read('internal:MAIN_MARGIN', RANGE, () => row('MAIN_MARGIN', 'CONFIRMED'));
    expect(out.records[0]).include({ change: '-25', status: 'ok' });
    await harness.server.close();
    const into = await read('internal:OPTION_UMFUTURE', RANGE, () => row('OPTION_UMFUTURE', 'PENDING'));
    expect(into.records[0]).include({ change: '25', status: 'pending' });
  });

  it('are no hole in a proof where they change nothing', async () => {
    harness = await accountBehind(PROFILE, [], []);
    const counting = harness.account
      .historyScopes('transfers')
      .filter((scope) => scope.countsNothing !== true);
    expect(counting.map(({ id }) => id).filter((id) => !/MARGIN|OPTION/.test(id))).deep.equal([
      'deposits',
      'withdrawals',
    ]);
    expect(counting.length).equal(2 + 16);
  });

  it('of a full page are followed by the older ones', async () => {
    const rows = Array.from({ length: 150 }, (_, index) => ({
      asset: 'USDT',
      amount: '1',
      type: 'MAIN_FUNDING',
      status: 'CONFIRMED',
      tranId: 1000 + index,
      timestamp: NOW_MS - 1 - Math.floor(index / 4),
    }));
    const { records, covered } = await read('internal:MAIN_FUNDING', RANGE, ({ query }) => ({
      total: 150,
      rows: rows.filter(({ timestamp }) => timestamp <= Number(query.get('endTime'))).slice(0, 100),
    }));
    expect(new Set(records.map(({ id }) => id)).size).equal(150);
    expect(covered).deep.equal([RANGE]);
  });
});
