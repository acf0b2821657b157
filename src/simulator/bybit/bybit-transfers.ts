import type { Transfer } from '../world/history/transfer.js';
import type { PrivateContext } from './bybit-endpoint.js';
import { historyPage } from './bybit-history-page.js';

const DAY_MS = 24 * 60 * 60_000;
const MONTH = { mostMs: 30 * DAY_MS, usualMs: 30 * DAY_MS };
const WEEK = { mostMs: 7 * DAY_MS, usualMs: 7 * DAY_MS, inSeconds: true };

const DEPOSIT_STATUSES = { pending: 2, ok: 3, failed: 4, canceled: 4 } as const;
const WITHDRAWAL_STATUSES = {
  pending: 'Pending',
  ok: 'success',
  failed: 'Fail',
  canceled: 'CancelByUser',
} as const;
const TRANSFER_STATUSES = {
  pending: 'PENDING',
  ok: 'SUCCESS',
  failed: 'FAILED',
  canceled: 'FAILED',
} as const;

/** `GET /v5/asset/deposit/query-record` (docs: v5 "Get Deposit Records"): 30 days at a time, in whole seconds. */
export function depositRecords(context: PrivateContext): unknown {
  const { rows, nextPageCursor } = page(context, {
    path: '/v5/asset/deposit/query-record',
    kind: 'deposit',
    idParameter: 'id',
    wire: (deposit) => ({
      id: deposit.id,
      coin: deposit.asset,
      chain: deposit.network,
      amount: deposit.amount,
      txID: deposit.transactionId,
      status: DEPOSIT_STATUSES[deposit.status],
      toAddress: deposit.address,
      tag: '',
      depositFee: deposit.fee === '0' ? '' : deposit.fee,
      successAt: String(deposit.timestampMs),
      confirmations: deposit.status === 'ok' ? '12' : '1',
      txIndex: '0',
      blockHash: '',
      batchReleaseLimit: '-1',
      depositType: '0',
      fromAddress: '',
      taxStatus: '0',
    }),
    window: { ...MONTH, inSeconds: true },
    limit: { standard: 50, most: 50 },
  });
  return { rows, nextPageCursor };
}

/**
 * `GET /v5/asset/deposit/query-internal-record` (docs: v5 "Get Internal Deposit Records"): what other users of bybit
 * sent. Nobody does so here.
 */
export function internalDepositRecords(): unknown {
  return { rows: [], nextPageCursor: '' };
}

/** `GET /v5/asset/withdraw/query-record` (docs: v5 "Get Withdrawal Records"): 30 days at a time. */
export function withdrawalRecords(context: PrivateContext): unknown {
  const { rows, nextPageCursor } = page(context, {
    path: '/v5/asset/withdraw/query-record',
    kind: 'withdrawal',
    idParameter: 'withdrawID',
    wire: (withdrawal) => ({
      coin: withdrawal.asset,
      chain: withdrawal.network,
      amount: withdrawal.amount,
      txID: withdrawal.status === 'ok' ? withdrawal.transactionId : '',
      status: WITHDRAWAL_STATUSES[withdrawal.status],
      toAddress: withdrawal.address,
      tag: '',
      withdrawFee: withdrawal.fee,
      createTime: String(withdrawal.timestampMs),
      updateTime: String(withdrawal.updatedAtMs),
      withdrawId: withdrawal.id,
      withdrawType: 0,
    }),
    window: MONTH,
    limit: { standard: 50, most: 50 },
  });
  return { rows, nextPageCursor };
}

/** `GET /v5/asset/transfer/query-inter-transfer-list` (docs: v5 "Get Internal Transfer Records"): seven days. */
export function internalTransfers(context: PrivateContext): unknown {
  const { rows, nextPageCursor } = page(context, {
    path: '/v5/asset/transfer/query-inter-transfer-list',
    kind: 'internal',
    idParameter: 'transferId',
    wire: transferRow,
    window: WEEK,
    limit: { standard: 20, most: 50 },
  });
  return { list: rows, nextPageCursor };
}

/** `GET /v5/asset/transfer/query-universal-transfer-list` (docs: v5 "Get Universal Transfer Records"). */
export function universalTransfers(context: PrivateContext): unknown {
  const { rows, nextPageCursor } = page(context, {
    path: '/v5/asset/transfer/query-universal-transfer-list',
    kind: 'between-accounts',
    idParameter: 'transferId',
    wire: (transfer) => ({
      ...transferRow(transfer),
      fromMemberId: transfer.from?.uid ?? '',
      toMemberId: transfer.to?.uid ?? '',
    }),
    window: WEEK,
    limit: { standard: 20, most: 50 },
  });
  return { list: rows, nextPageCursor };
}

type ListTerms = Pick<Parameters<typeof historyPage<Transfer>>[1], 'path' | 'wire' | 'window' | 'limit'> & {
  readonly kind: Transfer['kind'];
  readonly idParameter: string;
};

function page(context: PrivateContext, { kind, idParameter, ...terms }: ListTerms) {
  const { account, query } = context;
  const [id, coin] = [idParameter, 'coin'].map((name) => query.get(name) || undefined);
  return historyPage(context, {
    ...terms,
    rows: account.history.transfers(kind),
    accept: (row) => (id === undefined || row.id === id) && (coin === undefined || row.asset === coin),
    ids: (row) => [row.id],
  });
}

function transferRow(transfer: Transfer): object {
  return {
    transferId: transfer.id,
    coin: transfer.asset,
    amount: transfer.amount,
    fromAccountType: transfer.from?.wallet ?? '',
    toAccountType: transfer.to?.wallet ?? '',
    timestamp: String(transfer.timestampMs),
    status: TRANSFER_STATUSES[transfer.status],
  };
}
