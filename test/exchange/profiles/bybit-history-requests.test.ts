import { expect } from 'chai';
import { HISTORY_DATA_TYPES, type HistoryDataType } from '#src/domain/data-type.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import { accountBehind, type Harness, NOW_MS } from '../readers/account-harness.js';
import { answering } from '../readers/answering.js';
import { pagesOf } from '../readers/history/pages-of.js';

const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const RANGE = { fromMs: NOW_MS - HOUR, toMs: NOW_MS };
const BETWEEN = { startTime: String(RANGE.fromMs), endTime: String(NOW_MS - 1) };

const EMPTY = { retCode: 0, result: { list: [], rows: [], nextPageCursor: '' } };

/** What bybit's documentation asks for to read an hour of exactly this list. */
const REQUESTS: [HistoryDataType, string, string, Record<string, string>][] = [
  ...['spot', 'linear', 'inverse', 'option'].map((category): (typeof REQUESTS)[number] => [
    'trades',
    category,
    '/v5/execution/list',
    { category, limit: '100', ...BETWEEN },
  ]),
  [
    'transfers',
    'deposits',
    '/v5/asset/deposit/query-record',
    { limit: '50', ...BETWEEN, startTime: String(RANGE.fromMs - 3 * DAY) },
  ],
  ['transfers', 'deposits:internal', '/v5/asset/deposit/query-internal-record', { limit: '50', ...BETWEEN }],
  [
    'transfers',
    'withdrawals',
    '/v5/asset/withdraw/query-record',
    { limit: '50', withdrawType: '2', ...BETWEEN },
  ],
  ['transfers', 'wallets', '/v5/asset/transfer/query-inter-transfer-list', { limit: '50', ...BETWEEN }],
  ['transfers', 'accounts', '/v5/asset/transfer/query-universal-transfer-list', { limit: '50', ...BETWEEN }],
  ['ledger', 'UNIFIED', '/v5/account/transaction-log', { accountType: 'UNIFIED', limit: '50', ...BETWEEN }],
  [
    'ledger',
    'FUND',
    '/v5/asset/fundinghistory',
    { limit: '100', createTimeFrom: String(RANGE.fromMs / 1000), createTimeTo: String(NOW_MS / 1000) },
  ],
];

describe('the histories of bybit', () => {
  let harness: Harness;
  beforeEach(async () => {
    const owner = answering('/v5/user/query-api', { retCode: 0, result: { userID: 1 } });
    harness = await accountBehind(bybit, [], [owner, () => EMPTY]);
  });
  afterEach(() => harness.server.close());

  for (const [dataType, scope, path, query] of REQUESTS) {
    it(`${path} ${scope} asks for exactly its own rows, once`, async () => {
      const { covered } = await pagesOf(harness.account, dataType, { scope, range: RANGE });
      expect(covered).deep.equal([RANGE]);
      const requests = harness.server.requests.filter((request) => request.path !== '/v5/user/query-api');
      expect(requests.map((request) => request.path)).deep.equal([path]);
      expect(Object.fromEntries(requests[0]?.query ?? [])).deep.equal(query);
    });
  }

  it('are all of them asked for above', () => {
    const scopes = HISTORY_DATA_TYPES.flatMap((dataType) =>
      bybit[dataType].map(({ id }) => `${dataType} ${id}`),
    );
    expect(REQUESTS.map(([dataType, scope]) => `${dataType} ${scope}`).sort()).deep.equal(scopes.sort());
  });

  it('have a budget and a list that must be there for each of their endpoints', () => {
    for (const [, , path] of REQUESTS) {
      const endpoint = path.slice(1);
      expect(
        bybit.rateBudgets.some(({ endpoints = [] }) => endpoints.includes(endpoint)),
        path,
      ).equal(true);
      expect(
        bybit.envelope?.lists.some((list) => list.endpoint === endpoint),
        path,
      ).equal(true);
    }
  });
});
