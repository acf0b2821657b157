import { isNegative, negate } from '../../ledger/decimal.js';
import type { StatementEntry } from '../world/history/statement.js';
import type { EventKind } from '../world/journal.js';
import { CATEGORIES, type PrivateContext } from './bybit-endpoint.js';
import { BybitError } from './bybit-errors.js';
import { historyPage } from './bybit-history-page.js';

const DAY_MS = 24 * 60 * 60_000;
const WINDOW = { mostMs: 7 * DAY_MS, usualMs: DAY_MS };

const WALLET = 'UNIFIED';

/** What has one word; the others' depends on the row. */
const TYPES: Readonly<Partial<Record<EventKind, string>>> = {
  funding: 'SETTLEMENT',
  interest: 'INTEREST',
  rebate: 'FEE_REFUND',
  reward: 'AIRDROP',
  deposit: 'TRANSFER_IN',
  withdrawal: 'TRANSFER_OUT',
};

const FILL_TYPES = {
  trade: 'TRADE',
  adl: 'ADL',
  liquidation: 'LIQUIDATION',
  settlement: 'DELIVERY',
} as const;

/**
 * `GET /v5/account/transaction-log` (docs: v5 "Get Transaction Log"): every change of the unified wallet,
 * newest first, a day at a time unless both ends are sent, of two years.
 */
export function transactionLog(context: PrivateContext): unknown {
  const { account, query } = context;
  const wanted = (name: string) => query.get(name) || undefined;
  const [accountType, category, currency, base, type] = [
    'accountType',
    'category',
    'currency',
    'baseCoin',
    'type',
  ].map(wanted);
  if (accountType !== undefined && accountType !== WALLET) {
    throw new BybitError(10001, 'accountType only support UNIFIED.');
  }
  if (category !== undefined && !CATEGORIES.some((one) => one === category)) {
    throw new BybitError(10001, 'Illegal category');
  }
  const { rows, nextPageCursor } = historyPage(context, {
    path: '/v5/account/transaction-log',
    rows: account.history.statement(WALLET),
    accept: (row) =>
      (category === undefined || marketOf(row)?.kind === category) &&
      (currency === undefined || row.asset === currency) &&
      (base === undefined || marketOf(row)?.base === base) &&
      (type === undefined || logType(row) === type),
    ids: (row) => idsOf(row),
    wire: logRow,
    window: WINDOW,
    limit: { standard: 20, most: 50 },
  });
  return { nextPageCursor, list: rows };
}

function idsOf({ id, subject }: StatementEntry): readonly string[] {
  const { fill, funding, transfer, conversion } = subject;
  return [id, fill?.id, funding?.id, transfer?.id, conversion?.id].filter((one) => one !== undefined);
}

function marketOf({ subject }: StatementEntry) {
  return subject.fill?.market ?? subject.funding?.market;
}

export function logType({ kind, subject, flow }: StatementEntry): string {
  if (subject.fill !== undefined) return FILL_TYPES[subject.fill.kind];
  if (kind === 'transfer') return isNegative(flow) ? 'TRANSFER_OUT' : 'TRANSFER_IN';
  if (kind === 'conversion') return isNegative(flow) ? 'CURRENCY_SELL' : 'CURRENCY_BUY';
  return TYPES[kind] ?? 'UNKNOWN';
}

/** change = cashFlow + funding - fee. */
function logRow(row: StatementEntry): object {
  const { fill, funding } = row.subject;
  const market = marketOf(row);
  return {
    id: row.id,
    symbol: market?.id ?? '',
    side: side(row),
    funding: funding === undefined ? '' : row.flow,
    orderLinkId: '',
    orderId: fill?.orderId ?? funding?.fundingOrderId ?? '',
    fee: row.fee,
    change: row.change,
    cashFlow: funding === undefined ? row.flow : '0',
    transactionTime: String(row.timestampMs),
    type: logType(row),
    transSubType: '',
    feeRate: fill?.feeRate ?? funding?.rate ?? '',
    bonusChange: '',
    size: fill?.sizeAfter ?? funding?.size ?? '0',
    qty: quantity(row),
    cashBalance: row.balanceAfter,
    currency: row.asset,
    category: market?.kind ?? '',
    tradePrice: fill?.price ?? funding?.price ?? '',
    tradeId: fill?.id ?? funding?.id ?? '',
    extraFees: '',
  };
}

function side({ subject: { fill, funding } }: StatementEntry): string {
  if (fill !== undefined) return fill.side === 'buy' ? 'Buy' : 'Sell';
  if (funding !== undefined) return funding.positionSide === 'long' ? 'Buy' : 'Sell';
  return 'None';
}

/** Of spot, what this currency gained or lost; of contracts, how many. */
function quantity({ subject: { fill, funding }, flow }: StatementEntry): string {
  if (fill !== undefined && fill.market.kind !== 'spot') return fill.amount;
  return funding?.size ?? flow;
}

/**
 * `GET /v5/account/borrow-history` (docs: v5 "Borrow History"): the interest alone, newest first, 30 days at a
 * time; what was paid is positive.
 */
export function borrowHistory(context: PrivateContext): unknown {
  const { account, query } = context;
  const currency = query.get('currency') || undefined;
  const { rows, nextPageCursor } = historyPage(context, {
    path: '/v5/account/borrow-history',
    rows: account.history.statement(WALLET),
    accept: ({ kind, asset }) => kind === 'interest' && (currency === undefined || asset === currency),
    ids: ({ id }) => [id],
    wire: (row) => ({
      currency: row.asset,
      createdTime: row.timestampMs,
      borrowCost: negate(row.change),
      hourlyBorrowRate: '0.0000071',
      InterestBearingBorrowSize: '0',
      costExemption: '0',
      borrowAmount: '0',
      unrealisedLoss: '0',
      freeBorrowedAmount: '',
    }),
    window: { mostMs: 30 * DAY_MS, usualMs: 30 * DAY_MS },
    limit: { standard: 20, most: 50 },
  });
  return { list: rows, nextPageCursor };
}
