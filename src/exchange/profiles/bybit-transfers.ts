import { CURSOR, DAY, FOUNDED_MS, listOf, RANGE } from './bybit-terms.js';
import type { HistoryScopeProfile, TransferScopeProfile } from './history-scopes.js';

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

export const BYBIT_TRANSFERS: readonly TransferScopeProfile[] = [
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
    // Subaccounts cannot withdraw.
    mainAccountOnly: { method: 'privateGetV5UserQueryApi', path: ['result', 'isMaster'] },
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
