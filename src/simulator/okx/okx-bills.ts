import { isNegative, negate } from '../../ledger/decimal.js';
import type { StatementEntry } from '../world/history/statement.js';
import type { EventKind } from '../world/journal.js';
import { instrumentType, type PrivateContext } from './okx-endpoint.js';
import { subType as fillSubType } from './okx-fills.js';
import { historyRows } from './okx-history-page.js';

/** Numbers of the accounts, as `from` and `to` name them. */
const ACCOUNTS: Readonly<Record<string, string>> = { FUNDING: '6', TRADING: '18' };

const FILL_TYPES = { trade: '2', adl: '9', liquidation: '5', settlement: '3' } as const;

const TRADING_TYPES: Readonly<Partial<Record<EventKind, string>>> = {
  transfer: '1',
  interest: '7',
  funding: '8',
  conversion: '27',
};

/** `GET /api/v5/account/bills` (docs: "Get bills details (last 7 days)"). */
export function recentBills(context: PrivateContext): readonly unknown[] {
  return bills(context, '/api/v5/account/bills');
}

/** `GET /api/v5/account/bills-archive` (docs: "Get bills details (last 3 months)"). */
export function archivedBills(context: PrivateContext): readonly unknown[] {
  return bills(context, '/api/v5/account/bills-archive');
}

function bills(context: PrivateContext, path: string): readonly unknown[] {
  const { account, query } = context;
  const wanted = (name: string) => query.get(name) || undefined;
  const [ccy, type, sub, instType] = ['ccy', 'type', 'subType', 'instType'].map(wanted);
  return historyRows(context, {
    path,
    rows: account.history.statement('TRADING'),
    pagesBy: 'number',
    accept: (row) =>
      (ccy === undefined || row.asset === ccy) &&
      (type === undefined || typeOf(row) === type) &&
      (sub === undefined || subTypeOf(row) === sub) &&
      (instType === undefined || typeOfInstrument(row) === instType),
    ids: idsOf,
    wire: billRow,
  });
}

/** balChg = pnl, or what flowed, and the fee, which is negative where it was paid. */
function billRow(row: StatementEntry): object {
  const { fill, funding, transfer } = row.subject;
  const market = fill?.market ?? funding?.market;
  const isContract = market !== undefined && market.kind !== 'spot';
  return {
    bal: row.balanceAfter,
    balChg: row.change,
    billId: row.id,
    ccy: row.asset,
    clOrdId: '',
    execType: fill === undefined ? '' : fill.role === 'maker' ? 'M' : 'T',
    fee: negate(row.fee),
    fillFwdPx: '',
    fillIdxPx: '',
    fillMarkPx: '',
    fillMarkVol: '',
    fillPxUsd: '',
    fillPxVol: '',
    fillTime: fill === undefined ? '' : String(fill.timestampMs),
    from: ACCOUNTS[transfer?.from?.wallet ?? ''] ?? '',
    to: ACCOUNTS[transfer?.to?.wallet ?? ''] ?? '',
    instId: market?.id ?? '',
    instType: typeOfInstrument(row),
    interest: row.kind === 'interest' ? negate(row.flow) : '0',
    mgnMode: isContract ? 'cross' : '',
    notes: '',
    ordId: fill?.orderId ?? '',
    pnl: isContract ? row.flow : '0',
    posBal: '0',
    posBalChg: '0',
    px: fill?.price ?? funding?.price ?? '0',
    subType: subTypeOf(row),
    sz: isContract ? (fill?.amount ?? funding?.size ?? '0') : row.flow,
    tag: '',
    tradeId: fill?.id ?? '',
    ts: String(row.timestampMs),
    type: typeOf(row),
  };
}

function typeOfInstrument({ subject: { fill, funding } }: StatementEntry): string {
  const market = fill?.market ?? funding?.market;
  return market === undefined ? '' : instrumentType(market);
}

function typeOf({ kind, subject: { fill } }: StatementEntry): string {
  return fill === undefined ? (TRADING_TYPES[kind] ?? '1') : FILL_TYPES[fill.kind];
}

function subTypeOf({ kind, flow, subject: { fill } }: StatementEntry): string {
  if (fill !== undefined) return fillSubType(fill);
  const isOut = isNegative(flow);
  switch (kind) {
    case 'funding':
      return isOut ? '173' : '174';
    case 'interest':
      return '9';
    case 'conversion':
      return isOut ? '319' : '318';
    default:
      return isOut ? '12' : '11';
  }
}

function idsOf({ id, subject }: StatementEntry): readonly string[] {
  const { fill, funding, transfer, conversion } = subject;
  return [id, fill?.id, funding?.id, transfer?.id, conversion?.id].filter((one) => one !== undefined);
}

/** Of the funding account; moves out of it and into it have a number each. */
const FUNDING_TYPES: Readonly<Partial<Record<EventKind, string>>> = {
  deposit: '1',
  withdrawal: '2',
  rebate: '68',
  reward: '48',
};

/** `GET /api/v5/asset/bills` (docs: "Asset bills details"): a month, by time. */
export function assetBills(context: PrivateContext): readonly unknown[] {
  return fundingBills(context, '/api/v5/asset/bills', 'time');
}

/** `GET /api/v5/asset/bills-history` (docs: "Asset bills history"): by time, or by number with `pagingType=2`. */
export function assetBillHistory(context: PrivateContext): readonly unknown[] {
  const pagesBy = context.query.get('pagingType') === '2' ? 'number' : 'time';
  return fundingBills(context, '/api/v5/asset/bills-history', pagesBy);
}

function fundingBills(context: PrivateContext, path: string, pagesBy: 'number' | 'time'): readonly unknown[] {
  const { account, query } = context;
  const [ccy, type] = ['ccy', 'type'].map((name) => query.get(name) || undefined);
  return historyRows(context, {
    path,
    rows: account.history.statement('FUNDING'),
    pagesBy,
    accept: (row) =>
      (ccy === undefined || row.asset === ccy) && (type === undefined || fundingType(row) === type),
    ids: idsOf,
    wire: (row) => ({
      billId: row.id,
      clientId: '',
      ccy: row.asset,
      balChg: row.change,
      bal: row.balanceAfter,
      type: fundingType(row),
      ts: String(row.timestampMs),
      notes: '',
    }),
  });
}

function fundingType({ kind, flow }: StatementEntry): string {
  return FUNDING_TYPES[kind] ?? (isNegative(flow) ? '131' : '130');
}
