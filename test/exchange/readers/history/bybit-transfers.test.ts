import { expect } from 'chai';
import type { ScopeId } from '#src/domain/scope-read.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { Route } from '../../support/exchange-server.js';
import { accountBehind, type Harness, NOW_MS } from '../account-harness.js';
import { answering } from '../answering.js';
import { recorded } from '../recorded.js';
import { pagesOf } from './pages-of.js';

const DEPOSITS = '/v5/asset/deposit/query-record';
const INTERNAL_DEPOSITS = '/v5/asset/deposit/query-internal-record';
const WITHDRAWALS = '/v5/asset/withdraw/query-record';
const BETWEEN_WALLETS = '/v5/asset/transfer/query-inter-transfer-list';
const BETWEEN_ACCOUNTS = '/v5/asset/transfer/query-universal-transfer-list';
const DAY = 24 * 60 * 60_000;
const RANGE = { fromMs: NOW_MS - DAY, toMs: NOW_MS };

const ok = (result: object) => ({ retCode: 0, result: { nextPageCursor: '', ...result } });
const deposit = (fields: object) => ({
  id: '7',
  coin: 'USDT',
  chain: 'ETH',
  amount: '100',
  txID: '0x1',
  status: 3,
  toAddress: '0xme',
  depositFee: '',
  successAt: String(NOW_MS - 2000),
  ...fields,
});
const withdrawal = (fields: object) => ({
  coin: 'USDT',
  chain: 'TRX',
  amount: '50',
  withdrawFee: '1.5',
  txID: '0x2',
  status: 'success',
  toAddress: '0xyou',
  createTime: String(NOW_MS - 3000),
  withdrawId: '9',
  ...fields,
});
const move = (fields: object) => ({
  transferId: 'move',
  coin: 'USDT',
  amount: '8',
  timestamp: String(NOW_MS - 4000),
  status: 'SUCCESS',
  fromAccountType: 'FUND',
  toAccountType: 'UNIFIED',
  ...fields,
});

describe('transfers of bybit', () => {
  let harness: Harness;
  afterEach(() => harness?.server.close());

  async function read(scope: ScopeId, ...routes: Route[]) {
    harness = await accountBehind(bybit, [], routes);
    return pagesOf(harness.account, 'transfers', { scope, range: RANGE });
  }

  it('are deposits, the money of which is there once they succeeded', async () => {
    const rows = [deposit({}), deposit({ id: '8', status: 2 }), deposit({ id: '9', status: 99 })];
    const { records, covered } = await read('deposits', answering(DEPOSITS, ok({ rows })));
    expect(records[0]).deep.equal({
      id: '7',
      kind: 'deposit',
      currency: 'USDT',
      amount: '100',
      feeCost: undefined,
      change: '100',
      fromWallet: undefined,
      toWallet: undefined,
      status: 'ok',
      rawStatus: '3',
      network: 'ERC20',
      address: '0xme',
      transactionId: '0x1',
      timestampMs: NOW_MS - 2000,
    });
    expect(records.map(({ status }) => status)).deep.equal(['ok', 'pending', 'pending']);
    expect(covered).deep.equal([RANGE]);
  });

  it('are deposits of other users, which bybit dates in seconds', async () => {
    const createdTime = String(Math.floor(NOW_MS / 1000) - 5);
    const row = { id: '1', type: 1, coin: 'ETH', amount: '0.1', address: 'me@x', status: 2, createdTime };
    const { records } = await read('deposits:internal', answering(INTERNAL_DEPOSITS, ok({ rows: [row] })));
    expect(records[0]).include({ status: 'ok', change: '0.1', timestampMs: Number(createdTime) * 1000 });
  });

  it('are withdrawals of both kinds, with the fee beside what arrives', async () => {
    const rows = [withdrawal({}), withdrawal({ withdrawId: '10', status: 'Reject' })];
    const { records } = await read(
      'withdrawals',
      answering(WITHDRAWALS, ok({ rows }), { withdrawType: '2' }),
    );
    expect(records[0]).include({ amount: '50', feeCost: '1.5', change: '-51.5', status: 'ok' });
    expect(records[1]).include({ status: 'failed', rawStatus: 'Reject' });
  });

  it('are set aside where the fee, which the amount has in it, is all of it', async () => {
    const transfers = bybit.transfers.map((scope) => ({ ...scope, amountIncludesFee: true }));
    const rows = [withdrawal({}), withdrawal({ withdrawId: '10', amount: '1.5' })];
    harness = await accountBehind(
      { ...bybit, transfers },
      [],
      [answering(WITHDRAWALS, ok({ rows }), { withdrawType: '2' })],
    );
    const { records, rejected } = await pagesOf(harness.account, 'transfers', {
      scope: 'withdrawals',
      range: RANGE,
    });
    expect(records.map(({ id, amount, change }) => [id, amount, change])).deep.equal([['9', '48.5', '-50']]);
    expect(rejected.map(({ reason }) => reason)).deep.equal(['amount: nothing of it is left after the fee']);
  });

  it('between two mirrored wallets change nothing, and between others what enters or leaves', async () => {
    const list = [
      move({}),
      move({ transferId: 'out', toAccountType: 'INVESTMENT' }),
      move({ transferId: 'in', fromAccountType: 'CONTRACT' }),
      move({ transferId: 'open', status: 'PENDING' }),
    ];
    const { records } = await read('wallets', answering(BETWEEN_WALLETS, ok({ list })));
    expect(records.map(({ id, change, status }) => [id, change, status])).deep.equal([
      ['move', '0', 'ok'],
      ['out', '-8', 'ok'],
      ['in', '8', 'ok'],
      ['open', '0', 'pending'],
    ]);
    expect(records[0]).include({ fromWallet: 'FUND', toWallet: 'UNIFIED', kind: 'internal' });
  });

  it('between wallets are what bybit sent', async function () {
    const { httpResponse } = recorded<{ methods: { fetchTransfers: [{ httpResponse: object }] } }>(
      this,
      'ccxt-static/bybit.json',
    ).methods.fetchTransfers[0];
    const hasCursor: Route = ({ query }) => (query.get('cursor') === null ? undefined : ok({ list: [] }));
    harness = await accountBehind(bybit, [], [hasCursor, answering(BETWEEN_WALLETS, httpResponse)]);
    const range = { fromMs: 1_722_800_000_000, toMs: 1_722_900_000_000 };
    const { records, covered, pages } = await pagesOf(harness.account, 'transfers', {
      scope: 'wallets',
      range,
    });
    expect(records).length(1);
    expect(records[0]).include({ id: 'f26122f3-da92-4bef-b7cf-74f876568db9', amount: '10', change: '0' });
    expect(covered).deep.equal([range]);
    // Nothing says that the list is in the order of time.
    expect(pages.map((page) => page.covered.length)).deep.equal([0, 1]);
  });

  it('between accounts count for the one whose key it is', async () => {
    const between = (transferId: string, fromMemberId: string, toMemberId: string) =>
      move({ transferId, fromMemberId, toMemberId });
    const list = [
      between('in', '2', '1'),
      between('out', '1', '2'),
      between('own', '1', '1'),
      between('others', '2', '3'),
    ];
    const { records, covered } = await read(
      'accounts',
      answering('/v5/user/query-api', { retCode: 0, result: { userID: 1 } }),
      answering(BETWEEN_ACCOUNTS, ok({ list })),
    );
    expect(records.map(({ id, change }) => [id, change])).deep.equal([
      ['in', '8'],
      ['out', '-8'],
      ['own', '0'],
    ]);
    expect(covered).deep.equal([RANGE]);
    await pagesOf(harness.account, 'transfers', { scope: 'accounts', range: RANGE });
    expect(harness.server.count('/v5/user/query-api')).equal(1);
  });

  it('that cannot be are set aside, and nothing is proven by their list', async () => {
    const rows = [deposit({ amount: '-1' }), deposit({ id: '8', amount: '0' }), deposit({ id: '9' })];
    const { records, rejected, covered } = await read('deposits', answering(DEPOSITS, ok({ rows })));
    expect(records.map(({ id }) => id)).deep.equal(['9']);
    expect(rejected.map(({ row, reason }) => [row, reason])).deep.equal([
      ['deposit 7', 'amount: it is not above 0'],
      ['deposit 8', 'amount: it is not above 0'],
    ]);
    expect(covered).deep.equal([]);
  });

  it('are asked for around the time that they show, which need not be the one of the list', async () => {
    await read('deposits', answering(DEPOSITS, ok({ rows: [] })));
    const [request] = harness.server.requests;
    expect(request?.query.get('startTime')).equal(String(RANGE.fromMs - 3 * DAY));
    expect(request?.query.get('endTime')).equal(String(NOW_MS - 1));
    harness.server.requests.length = 0;
    const range = { fromMs: NOW_MS - 60 * DAY, toMs: NOW_MS - 30 * DAY };
    const { covered } = await pagesOf(harness.account, 'transfers', { scope: 'deposits', range });
    expect(covered).deep.equal([range]);
    const days = harness.server.requests.map(({ query }) => [
      (NOW_MS - Number(query.get('startTime'))) / DAY,
      Math.round((NOW_MS - Number(query.get('endTime'))) / DAY),
    ]);
    expect(days).deep.equal([
      [57, 27],
      [63, 51],
    ]);
  });

  it('are kept where the time that they show is outside of the range that was asked for', async () => {
    const late = deposit({ successAt: String(NOW_MS + 500) });
    const { records } = await read('deposits', answering(DEPOSITS, ok({ rows: [late] })));
    expect(records).length(1);
  });
});
