import { negate } from '../../ledger/decimal.js';
import type { Fill } from '../world/history/fill.js';
import { MergedRows } from '../world/history/merged-rows.js';
import type { RowList } from '../world/history/row-list.js';
import { instrumentType, type PrivateContext, requiredType, wantedType } from './okx-endpoint.js';
import { historyRows } from './okx-history-page.js';

/** `GET /api/v5/trade/fills` (docs: "Get transaction details (last 3 days)"). */
export function recentFills(context: PrivateContext): readonly unknown[] {
  return fills(context, '/api/v5/trade/fills', wantedType(context.query));
}

/** `GET /api/v5/trade/fills-history` (docs: "Get transaction details (last 3 months)"): of one type. */
export function fillHistory(context: PrivateContext): readonly unknown[] {
  return fills(context, '/api/v5/trade/fills-history', requiredType(context.query));
}

function fills(context: PrivateContext, path: string, type: string | undefined): readonly unknown[] {
  const { account, query } = context;
  const [instId, ordId] = ['instId', 'ordId'].map((name) => query.get(name) || undefined);
  const { history } = account;
  const rows: RowList<Fill> = new MergedRows(
    new MergedRows(history.fills('spot'), history.fills('linear')),
    new MergedRows(history.fills('inverse'), history.fills('option')),
  );
  return historyRows(context, {
    path,
    rows,
    pagesBy: 'number',
    accept: (fill) =>
      (type === undefined || instrumentType(fill.market) === type) &&
      (instId === undefined || fill.market.id === instId) &&
      (ordId === undefined || fill.orderId === ordId),
    ids: ({ id, seq }) => [account.statementId(seq), id],
    wire: (fill) => fillRow(fill, account.statementId(fill.seq)),
  });
}

/** A fee that was paid is negative, a rebate positive. */
function fillRow(fill: Fill, billId: string): object {
  const { market } = fill;
  const isSpot = market.kind === 'spot';
  return {
    instType: instrumentType(market),
    instId: market.id,
    tradeId: fill.id,
    ordId: fill.orderId,
    clOrdId: '',
    billId,
    subType: subType(fill),
    tag: '',
    fillPx: fill.price,
    fillSz: fill.amount,
    fillIdxPx: market.prices.index,
    fillPnl: fill.realizedPnl ?? '0',
    fillPxVol: '',
    fillPxUsd: '',
    fillMarkVol: '',
    fillFwdPx: '',
    fillMarkPx: isSpot ? '' : market.prices.mark,
    side: fill.side,
    posSide: isSpot ? '' : (fill.positionSide ?? 'net'),
    execType: fill.role === 'maker' ? 'M' : 'T',
    feeCcy: fill.feeAsset,
    fee: negate(fill.fee),
    feeRate: negate(fill.feeRate),
    ts: String(fill.timestampMs),
    fillTime: String(fill.timestampMs),
    tradeQuoteCcy: market.quote,
  };
}

/** The words for what a fill did (docs: "Get bills details", subType). */
const SUB_TYPES = {
  trade: { buy: '1', sell: '2' },
  // Closing a short position is a purchase.
  liquidation: { buy: '105', sell: '104' },
  adl: { buy: '126', sell: '125' },
  settlement: { buy: '113', sell: '112' },
} as const;

/** In hedge mode: opened or closed, long or short. */
const HEDGED = { buy: { long: '3', short: '6' }, sell: { long: '5', short: '4' } } as const;

export function subType({ kind, side, positionSide }: Fill): string {
  if (kind === 'trade' && positionSide !== undefined) return HEDGED[side][positionSide];
  return SUB_TYPES[kind][side];
}
