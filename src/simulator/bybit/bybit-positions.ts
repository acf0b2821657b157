import {
  contractValue,
  emptyPosition,
  initialMargin,
  isHeld,
  maintenanceMargin,
  type Position,
  unrealizedPnl,
} from '../world/position.js';
import type { PrivateContext } from './bybit-endpoint.js';
import { pageLimit, requiredCategory } from './bybit-endpoint.js';
import { BybitError } from './bybit-errors.js';
import { page } from './bybit-paging.js';

/**
 * `GET /v5/position/list` (docs: v5 "Get Position Info"): of a symbol also when there is none, otherwise
 * those that were ever opened; closed ones have size 0 and no side.
 */
export function positionList({ world, account, query }: PrivateContext): unknown {
  const category = requiredCategory(query, ['linear', 'inverse', 'option']);
  const [symbol, base, settle] = ['symbol', 'baseCoin', 'settleCoin'].map(
    (name) => query.get(name) || undefined,
  );
  if (category === 'linear' && symbol === undefined && settle === undefined && base === undefined) {
    throw new BybitError(10001, 'params error: symbol or settleCoin is needed');
  }
  const held = [...account.positions.values()].filter(
    ({ market }) =>
      market.kind === category &&
      (market.expiryMs ?? Number.POSITIVE_INFINITY) > world.now() &&
      (symbol === undefined || market.id === symbol) &&
      (base === undefined || market.base === base) &&
      (settle === undefined || market.settle === settle),
  );
  const market = world.marketsOf('bybit', category).find(({ id }) => id === symbol);
  const positions = held.length === 0 && market !== undefined ? [emptyPosition(market)] : held;
  const { rows, nextPageCursor } = page(
    positions,
    (position) => ({
      id: `${position.market.id}-${positionIndex(position)}`,
      timestampMs: position.createdAtMs,
    }),
    { cursor: query.get('cursor'), limit: pageLimit(query, { standard: 20, most: 200 }) },
  );
  return { nextPageCursor, category, list: rows.map(positionRow) };
}

/** 0 in one-way mode, otherwise 1 for the long side and 2 for the short one. */
function positionIndex({ isHedged, side }: Position): number {
  if (!isHedged) return 0;
  return side === 'long' ? 1 : 2;
}

function positionRow(position: Position): object {
  const { market, size, averagePrice } = position;
  const isOpen = isHeld(position);
  const isOption = market.kind === 'option';
  return {
    positionIdx: positionIndex(position),
    riskId: 1,
    riskLimitValue: isOption ? '' : '2000000',
    symbol: market.id,
    side: isOpen ? (position.side === 'long' ? 'Buy' : 'Sell') : '',
    size,
    avgPrice: isOpen ? averagePrice : '0',
    positionValue: isOpen ? contractValue(market, size, averagePrice) : '',
    tradeMode: 0,
    positionStatus: 'Normal',
    autoAddMargin: 0,
    adlRankIndicator: isOpen ? 2 : 0,
    leverage: isOption ? '' : position.leverage,
    positionBalance: '0',
    markPrice: market.prices.mark,
    // In cross margin of a whole account a single position has none.
    liqPrice: '',
    bustPrice: '',
    positionMM: isOpen ? maintenanceMargin(position) : '0',
    positionIM: isOpen ? initialMargin(position) : '0',
    tpslMode: 'Full',
    takeProfit: '',
    stopLoss: '',
    trailingStop: '0',
    sessionAvgPrice: '',
    unrealisedPnl: isOpen ? unrealizedPnl(position) : '',
    curRealisedPnl: position.realizedPnl,
    cumRealisedPnl: position.realizedPnl,
    seq: position.updatedAtMs % 1_000_000_000,
    isReduceOnly: false,
    mmrSysUpdatedTime: '',
    leverageSysUpdatedTime: '',
    createdTime: String(position.createdAtMs),
    updatedTime: String(position.updatedAtMs),
  };
}
