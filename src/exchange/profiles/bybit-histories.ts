import { expiredSymbol } from './bybit-expired.js';
import { BYBIT_FUND_KINDS, BYBIT_LOG_KINDS } from './bybit-log-kinds.js';
import type {
  HistoryScopeProfile,
  LedgerScopeProfile,
  RawAnswer,
  TradeScopeProfile,
  TransferScopeProfile,
} from './history-scopes.js';
import type { ExchangeProfile, MarketFilter } from './profile.js';

/*
 * What bybit tells of the past of a unified account. Every list is asked for unparsed: ccxt's own methods leave
 * out what is not an ordinary trade, take an empty page for the last one although a cursor follows it, and look
 * a market up among all kinds.
 */

const SECOND = 1000;
const HOUR = 60 * 60 * SECOND;
const DAY = 24 * HOUR;

/** Bybit Fintech began with inverse contracts in November 2018. */
const FOUNDED_MS = Date.UTC(2018, 10, 1);

/** A start alone would be a range of seven days from there. */
const RANGE = { from: 'startTime', to: 'endTime', includesFrom: true, includesTo: true } as const;

const CURSOR = { kind: 'cursor', cursorParam: 'cursor' } as const;

const listOf = (rows: string, parse: NonNullable<RawAnswer['parse']>): RawAnswer => ({
  rows: ['result', rows],
  cursor: ['result', 'nextPageCursor'],
  parse,
});

function trades(category: string, markets: MarketFilter): TradeScopeProfile {
  return {
    id: category,
    method: 'privateGetV5ExecutionList',
    // Without `execType` all kinds come in one list.
    params: { category, limit: 100 },
    answer: { ...listOf('list', 'parseTrade'), marketField: 'symbol', expiredSymbol },
    paging: { ...CURSOR, pageLimit: 100 },
    range: RANGE,
    windowMs: 7 * DAY,
    retentionMs: 730 * DAY,
    servedFromMs: FOUNDED_MS,
    lateMs: HOUR,
    markets,
    // The ledger says of each fill of a contract what it changed, in the currency in which it did.
    flow: category === 'spot' ? 'exchange' : 'none',
    idFields: ['execId'],
    timeField: 'execTime',
    kindField: 'execType',
    kinds: {
      Trade: 'trade',
      BlockTrade: 'trade',
      MovePosition: 'trade',
      FutureSpread: 'trade',
      AdlTrade: 'adl',
      BustTrade: 'liquidation',
      Delivery: 'settlement',
      Settle: 'settlement',
      CorporateAction: 'settlement',
      ForwardSplitSettle: 'settlement',
      ReverseSplitSettle: 'settlement',
    },
    // Payments, which the ledger has.
    otherKinds: ['Funding', 'Dividend'],
    fields: {
      order: ['orderId'],
      side: ['side'],
      price: ['execPrice'],
      amount: ['execQty'],
      cost: ['execValue'],
      feeCost: ['execFee'],
      feeCurrency: ['feeCurrency', 'feeCoin'],
    },
  };
}

/** The unified wallet's statement: what each fill of a contract, each funding and each interest changed. */
const UNIFIED_LOG: LedgerScopeProfile = {
  id: 'UNIFIED',
  method: 'privateGetV5AccountTransactionLog',
  params: { accountType: 'UNIFIED', limit: 50 },
  answer: listOf('list', 'parseLedgerEntry'),
  paging: { ...CURSOR, pageLimit: 50 },
  range: RANGE,
  windowMs: 7 * DAY,
  retentionMs: 730 * DAY,
  servedFromMs: FOUNDED_MS,
  lateMs: HOUR,
  idFields: ['id'],
  timeField: 'transactionTime',
  wallet: 'UNIFIED',
  // Coins that are traded count from the fills, contracts from here.
  kindField: ['category', 'type'],
  kinds: BYBIT_LOG_KINDS,
  // change = cashFlow + funding - fee
  fields: { amount: ['change'], feeCost: ['fee'], balanceAfter: ['cashBalance'], reference: ['tradeId'] },
  amountIsNet: true,
  market: {
    field: 'symbol',
    kindField: 'category',
    kinds: {
      spot: { spot: true },
      linear: { linear: true, option: false },
      inverse: { inverse: true, option: false },
      option: { option: true },
    },
  },
};

/** The funding wallet's statement: rewards, conversions, what is put into other products and taken out of them. */
const FUND_LOG: LedgerScopeProfile = {
  id: 'FUND',
  method: 'privateGetV5AssetFundinghistory',
  params: { limit: 100 },
  answer: listOf('list', 'parseLedgerEntry'),
  paging: { ...CURSOR, pageLimit: 100 },
  range: {
    from: 'createTimeFrom',
    to: 'createTimeTo',
    unit: 'seconds',
    includesFrom: true,
    includesTo: true,
  },
  // No further apart than seven days, both in whole seconds around the range.
  windowMs: 7 * DAY - 2 * SECOND,
  servedFromMs: FOUNDED_MS,
  lateMs: HOUR,
  byAnotherTime: true,
  // It has no number; the balance after it tells two equal rows of one second apart.
  idFields: ['currency', 'createTime', 'ioDirection', 'txnAmt', 'afterAmt', 'description'],
  timeField: 'createTime',
  timeUnit: 'seconds',
  wallet: 'FUND',
  kindField: ['showBusiType', 'description'],
  kinds: BYBIT_FUND_KINDS,
  fields: { amount: ['txnAmt'], balanceAfter: ['afterAmt'], feeCost: [] },
  direction: { field: 'ioDirection', out: ['O'] },
};

type TransferList = Pick<HistoryScopeProfile, 'method' | 'timeField' | 'idFields' | 'reachMs'> & {
  readonly id: string;
  readonly windowMs: number;
  readonly params?: object;
};

/** bybit says of neither list that it is sorted by the time that its rows show. */
function transferList({ params, ...list }: TransferList) {
  return {
    ...list,
    params: { limit: 50, ...params },
    paging: { ...CURSOR, pageLimit: 50 },
    range: RANGE,
    servedFromMs: FOUNDED_MS,
    lateMs: DAY,
    byAnotherTime: true,
  } satisfies Omit<HistoryScopeProfile, 'answer'>;
}

const BETWEEN_STATUSES = { SUCCESS: 'ok', PENDING: 'pending', FAILED: 'failed' } as const;

const TRANSFERS: readonly TransferScopeProfile[] = [
  {
    ...transferList({
      id: 'deposits',
      method: 'privateGetV5AssetDepositQueryRecord',
      // It shows when it was last changed, and may be listed by when it was seen: 30 days with the reach.
      windowMs: 24 * DAY,
      reachMs: 3 * DAY,
      idFields: ['id'],
      timeField: 'successAt',
    }),
    answer: listOf('rows', 'parseTransaction'),
    kind: 'deposit',
    statusField: 'status',
    statuses: {
      '1': 'pending',
      '2': 'pending',
      '3': 'ok',
      '4': 'failed',
      '10011': 'pending',
      '10012': 'ok',
      '70011': 'failed',
      '70012': 'ok',
    },
    fields: { feeCost: ['depositFee'] },
  },
  {
    ...transferList({
      id: 'deposits:internal',
      method: 'privateGetV5AssetDepositQueryInternalRecord',
      windowMs: 30 * DAY,
      idFields: ['id'],
      timeField: 'createdTime',
    }),
    timeUnit: 'seconds',
    answer: listOf('rows', 'parseTransaction'),
    kind: 'deposit',
    statusField: 'status',
    statuses: { '1': 'pending', '2': 'ok', '3': 'failed' },
    fields: { address: ['address'] },
  },
  {
    ...transferList({
      id: 'withdrawals',
      method: 'privateGetV5AssetWithdrawQueryRecord',
      windowMs: 30 * DAY,
      // On the blockchain and to other users of bybit.
      params: { withdrawType: 2 },
      idFields: ['withdrawId'],
      timeField: 'createTime',
    }),
    answer: listOf('rows', 'parseTransaction'),
    kind: 'withdrawal',
    statusField: 'status',
    statuses: {
      SecurityCheck: 'pending',
      Pending: 'pending',
      MoreInformationRequired: 'pending',
      Unknown: 'pending',
      success: 'ok',
      BlockchainConfirmed: 'ok',
      CancelByUser: 'canceled',
      Reject: 'failed',
      Fail: 'failed',
    },
    fields: { feeCost: ['withdrawFee'] },
  },
  {
    ...transferList({
      id: 'wallets',
      method: 'privateGetV5AssetTransferQueryInterTransferList',
      windowMs: 7 * DAY,
      idFields: ['transferId'],
      timeField: 'timestamp',
    }),
    answer: listOf('list', 'parseTransfer'),
    kind: 'internal',
    statusField: 'status',
    statuses: BETWEEN_STATUSES,
    from: { field: 'fromAccountType' },
    to: { field: 'toAccountType' },
  },
  {
    ...transferList({
      id: 'accounts',
      method: 'privateGetV5AssetTransferQueryUniversalTransferList',
      windowMs: 7 * DAY,
      idFields: ['transferId'],
      timeField: 'timestamp',
    }),
    answer: listOf('list', 'parseTransfer'),
    kind: 'internal',
    statusField: 'status',
    statuses: BETWEEN_STATUSES,
    // A main account sees what its subaccounts send each other as well.
    owner: { method: 'privateGetV5UserQueryApi', path: ['result', 'userID'] },
    from: { field: 'fromAccountType', ownerField: 'fromMemberId' },
    to: { field: 'toAccountType', ownerField: 'toMemberId' },
  },
];

export const BYBIT_HISTORIES: Pick<ExchangeProfile, 'trades' | 'transfers' | 'ledger'> = {
  trades: [
    trades('spot', { spot: true }),
    trades('linear', { linear: true, option: false }),
    trades('inverse', { inverse: true, option: false }),
    trades('option', { option: true }),
  ],
  transfers: TRANSFERS,
  ledger: [UNIFIED_LOG, FUND_LOG],
};
