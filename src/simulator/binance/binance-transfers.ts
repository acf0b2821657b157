import { subtract } from '../../ledger/decimal.js';
import { integer } from '../http/reply.js';
import type { StatementEntry } from '../world/history/statement.js';
import type { Conversion, Transfer } from '../world/history/transfer.js';
import { type PrivateContext, required } from './binance-endpoint.js';
import {
  type BinanceList,
  type BinanceWindow,
  historyRange,
  historyRows,
  limitOf,
} from './binance-history-page.js';

const DAY_MS = 24 * 60 * 60_000;
const QUARTER: BinanceWindow = { mostMs: 90 * DAY_MS, usualMs: 90 * DAY_MS, tooWide: '-1128' };

const DEPOSIT_STATUSES = { pending: 0, ok: 1, failed: 7, canceled: 2 } as const;
const WITHDRAWAL_STATUSES = { pending: 4, ok: 6, failed: 5, canceled: 1 } as const;
const TRANSFER_STATUSES = {
  pending: 'PENDING',
  ok: 'CONFIRMED',
  failed: 'FAILED',
  canceled: 'FAILED',
} as const;

/** `capital/deposit/hisrec` (docs: "Deposit History"): newest first, 90 days at a time, by offset. */
export function depositHistory(context: PrivateContext): unknown {
  return shipments(context, '/sapi/v1/capital/deposit/hisrec', 'deposit', (deposit) => ({
    id: deposit.id,
    amount: deposit.amount,
    coin: deposit.asset,
    network: deposit.network,
    status: DEPOSIT_STATUSES[deposit.status],
    address: deposit.address,
    addressTag: '',
    txId: deposit.transactionId,
    insertTime: deposit.timestampMs,
    completeTime: deposit.status === 'ok' ? deposit.updatedAtMs : null,
    transferType: 0,
    confirmTimes: deposit.status === 'ok' ? '12/12' : '1/12',
    unlockConfirm: 12,
    walletType: 0,
    travelRuleStatus: 0,
  }));
}

/** `capital/withdraw/history` (docs: "Withdraw History"): its times are text, in UTC, in whole seconds. */
export function withdrawalHistory(context: PrivateContext): unknown {
  return shipments(context, '/sapi/v1/capital/withdraw/history', 'withdrawal', (withdrawal) => ({
    id: withdrawal.id,
    amount: withdrawal.amount,
    transactionFee: withdrawal.fee,
    coin: withdrawal.asset,
    status: WITHDRAWAL_STATUSES[withdrawal.status],
    address: withdrawal.address,
    txId: withdrawal.status === 'ok' ? withdrawal.transactionId : '',
    applyTime: textTime(withdrawal.timestampMs),
    network: withdrawal.network,
    transferType: 0,
    withdrawOrderId: '',
    info: '',
    confirmNo: withdrawal.status === 'ok' ? 12 : 0,
    walletType: 0,
    txKey: '',
    ...(withdrawal.status === 'ok' && { completeTime: textTime(withdrawal.updatedAtMs) }),
  }));
}

function shipments(
  context: PrivateContext,
  path: string,
  kind: 'deposit' | 'withdrawal',
  wire: (transfer: Transfer) => object,
): unknown {
  const { account, query } = context;
  const coin = query.get('coin');
  const status = query.get('status');
  const statuses = kind === 'deposit' ? DEPOSIT_STATUSES : WITHDRAWAL_STATUSES;
  const list = {
    path,
    rows: account.history.transfers(kind),
    accept: (row: Transfer) =>
      (coin === null || row.asset === coin) && (status === null || String(statuses[row.status]) === status),
    ids: ({ id }: Transfer) => [id],
    wire,
  };
  const range = historyRange(context, QUARTER);
  const limit = limitOf(query, 1000, 1000);
  return historyRows(context, list, {
    ...range,
    order: 'newest-first',
    limit,
    offset: Number(query.get('offset') ?? 0),
  });
}

/** `GET asset/transfer` (docs: "Query User Universal Transfer History"): of one type, newest first, by page. */
export function universalTransfers(context: PrivateContext): unknown {
  const { account, query } = context;
  const type = required(query, 'type');
  const rows = account.history.transfers('internal');
  const list: BinanceList<Transfer> = {
    path: '/sapi/v1/asset/transfer',
    rows,
    accept: (row) => transferType(row) === type,
    ids: ({ id }) => [id],
    wire: (row) => ({
      asset: row.asset,
      amount: row.amount,
      type,
      status: TRANSFER_STATUSES[row.status],
      tranId: integer(row.id),
      timestamp: row.timestampMs,
    }),
  };
  const range = historyRange(context, {
    mostMs: Number.POSITIVE_INFINITY,
    usualMs: 7 * DAY_MS,
    tooWide: '-1128',
  });
  const all = historyRows(context, list, { ...range, order: 'newest-first', limit: rows.length });
  const size = limitOf(query, 10, 100, 'size');
  const start = (limitOf(query, 1, Number.MAX_SAFE_INTEGER, 'current') - 1) * size;
  const page = all.slice(start, start + size);
  // Without any there are no rows at all, not even an empty list.
  return all.length === 0 ? { total: 0 } : { total: all.length, rows: page };
}

function transferType({ from, to }: Transfer): string {
  return `${from?.wallet}_${to?.wallet}`;
}

/** The newest of these; nothing leads to the others. */
const DRIBBLETS = 100;

/** `asset/dribblet` (docs: "DustLog"): small balances that were turned into BNB, newest first. */
export function dustLog(context: PrivateContext): unknown {
  const list: BinanceList<Conversion> = {
    path: '/sapi/v1/asset/dribblet',
    rows: context.account.history.conversions(),
    accept: () => true,
    ids: ({ id }) => [id],
    wire: (conversion) => {
      const received = subtract(conversion.amount, conversion.fee);
      return {
        operateTime: conversion.timestampMs,
        totalTransferedAmount: received,
        totalServiceChargeAmount: conversion.fee,
        transId: integer(conversion.id),
        userAssetDribbletDetails: [
          {
            transId: integer(conversion.id),
            serviceChargeAmount: conversion.fee,
            amount: conversion.fromAmount,
            operateTime: conversion.timestampMs,
            transferedAmount: received,
            fromAsset: conversion.fromAsset,
          },
        ],
      };
    },
  };
  const range = historyRange(context, { mostMs: Number.POSITIVE_INFINITY, tooWide: '-1128' });
  const rows = historyRows(context, list, { ...range, order: 'newest-first', limit: DRIBBLETS });
  return { total: rows.length, userAssetDribblets: rows };
}

/** `convert/tradeFlow` (docs: "Get Convert Trade History"): 30 days at a time; nobody here uses the converter. */
export function conversions(context: PrivateContext): unknown {
  required(context.query, 'startTime');
  required(context.query, 'endTime');
  const { fromMs, toMs } = historyRange(context, { mostMs: 30 * DAY_MS, tooWide: '-1127' });
  const limit = limitOf(context.query, 100, 1000);
  return { list: [], startTime: fromMs, endTime: toMs, limit, moreData: false };
}

/** `asset/assetDividend` (docs: "Asset Dividend Record"): what was given out, newest first, 180 days at a time. */
export function assetDividends(context: PrivateContext): unknown {
  const { account, query } = context;
  const asset = query.get('asset');
  const list: BinanceList<StatementEntry> = {
    path: '/sapi/v1/asset/assetDividend',
    rows: account.history.statement('MAIN'),
    accept: (row) => row.kind === 'reward' && (asset === null || row.asset === asset),
    ids: ({ id }) => [id],
    wire: (row) => ({
      id: integer(row.id),
      amount: row.change,
      asset: row.asset,
      divTime: row.timestampMs,
      enInfo: 'Launchpool Airdrop',
      tranId: integer(row.id),
      direction: 1,
    }),
  };
  const range = historyRange(context, {
    mostMs: 180 * DAY_MS,
    usualMs: 180 * DAY_MS,
    tooWide: '-1128',
  });
  const rows = historyRows(context, list, {
    ...range,
    order: 'newest-first',
    limit: limitOf(query, 20, 500),
  });
  return { rows, total: rows.length };
}

/** `2026-05-29 08:26:40` */
function textTime(timestampMs: number): string {
  return new Date(timestampMs).toISOString().slice(0, 19).replace('T', ' ');
}
