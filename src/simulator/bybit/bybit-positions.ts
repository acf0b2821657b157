import type { Market } from '../world/market.js';
import {
  contractValue,
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
      (symbol === undefined || market.id === symbol) &&
      (base === undefined || market.base === base) &&
      (settle === undefined || market.settle === settle),
  );
  const market = world.marketsOf('bybit', category).find(({ id }) => id === symbol);
  const positions = held.length === 0 && market !== undefined ? [neverOpened(market)] : held;
  const { rows, nextPageCursor } = page(
    positions,
    (position) => ({ id: position.market.id, timestampMs: position.createdAtMs }),
    { cursor: query.get('cursor'), limit: pageLimit(query, { standard: 20, most: 200 }) },
  );
  return { nextPageCursor, category, list: rows.map(positionRow) };
}

function neverOpened(market: Market): Position {
  const nothing = { size: '0', averagePrice: '0', realizedPnl: '0', leverage: '10' } as const;
  return { ...nothing, market, side: 'long', createdAtMs: 0, updatedAtMs: 0 };
}

function positionRow(position: Position): object {
  const { market, size, averagePrice } = position;
  const isOpen = isHeld(position);
  const isOption = market.kind === 'option';
  return {
    positionIdx: 0,
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
