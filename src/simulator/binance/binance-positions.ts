import { negate, sum } from '../../ledger/decimal.js';
import type { SimulatedAccount } from '../world/account.js';
import type { Market } from '../world/market.js';
import { isOpen } from '../world/order.js';
import {
  initialMargin,
  isHeld,
  liquidationPrice,
  maintenanceMargin,
  notional,
  type Position,
  unrealizedPnl,
} from '../world/position.js';
import { money, type PrivateContext } from './binance-endpoint.js';

const NOTHING = '0.00000000';

/** `GET /fapi/v3/positionRisk`: symbols with a position or an open order; without leverage and margin type. */
export function positionRiskV3({ world, account, query }: PrivateContext): unknown {
  return world
    .marketsOf('binance', 'linear')
    .filter((market) => query.get('symbol') === null || query.get('symbol') === market.id)
    .flatMap((market) => account.positionsOf(market))
    .filter((position) => isHeld(position) || hasOpenOrders(account, position.market))
    .map((position) => ({
      ...commonRisk(position),
      notional: signed(position, notional(position)),
      marginAsset: position.market.settle,
      isolatedMargin: isolatedMargin(position),
      isolatedWallet: isolatedMargin(position),
      initialMargin: money(sum([initialMargin(position), orderMargin(account, position.market)])),
      maintMargin: money(maintenanceMargin(position)),
      positionInitialMargin: money(initialMargin(position)),
      openOrderInitialMargin: money(orderMargin(account, position.market)),
      adl: '2',
      bidNotional: '0',
      askNotional: '0',
    }));
}

/** `GET /fapi/v2/positionRisk`: every symbol, also those without a position. */
export function positionRiskV2({ world, account, query }: PrivateContext): unknown {
  return world
    .marketsOf('binance', 'linear')
    .filter((market) => query.get('symbol') === null || query.get('symbol') === market.id)
    .flatMap((market) => account.positionsOf(market))
    .map((position) => ({
      ...commonRisk(position),
      ...marginTerms(position),
      notional: signed(position, notional(position)),
      maxNotionalValue: '20000000',
    }));
}

/** `GET /dapi/v1/positionRisk`: every symbol, also those without a position. */
export function inversePositionRisk({ world, account, query }: PrivateContext): unknown {
  return world
    .marketsOf('binance', 'inverse')
    .filter((market) => query.get('pair') === null || query.get('pair') === market.base + market.quote)
    .flatMap((market) => account.positionsOf(market))
    .map((position) => ({
      ...commonRisk(position),
      ...marginTerms(position),
      notionalValue: signed(position, notional(position)),
      maxQty: '1000',
    }));
}

/** A position's row in `account`. */
export function accountPosition(position: Position): object {
  return {
    symbol: position.market.id,
    initialMargin: money(initialMargin(position)),
    maintMargin: money(maintenanceMargin(position)),
    unrealizedProfit: money(unrealizedPnl(position)),
    positionInitialMargin: money(initialMargin(position)),
    openOrderInitialMargin: '0',
    leverage: position.leverage,
    isolated: position.marginMode === 'isolated',
    entryPrice: entryPrice(position),
    maxNotional: '20000000',
    bidNotional: '0',
    askNotional: '0',
    positionSide: positionSide(position),
    positionAmt: signed(position, position.size),
    notional: signed(position, notional(position)),
    isolatedMargin: isolatedMargin(position),
    isolatedWallet: isolatedMargin(position),
    updateTime: position.updatedAtMs,
  };
}

/** `GET /fapi/v1/leverageBracket` (by notional) and `GET /dapi/v2/leverageBracket` (by contracts). */
export function leverageBrackets(kind: 'linear' | 'inverse'): (context: PrivateContext) => unknown {
  const [cap, floor] = kind === 'linear' ? ['notionalCap', 'notionalFloor'] : ['qtyCap', 'qtyFloor'];
  return ({ world }) =>
    world.marketsOf('binance', kind).map(({ id }) => ({
      symbol: id,
      notionalCoef: 1.5,
      brackets: [
        { bracket: 1, initialLeverage: 100, [cap]: 50_000, [floor]: 0, maintMarginRatio: 0.005, cum: 0 },
        {
          bracket: 2,
          initialLeverage: 50,
          [cap]: 5_000_000,
          [floor]: 50_000,
          maintMarginRatio: 0.01,
          cum: 250,
        },
      ],
    }));
}

/** `GET /fapi/v1/symbolConfig`: leverage and margin type of each symbol. */
export function symbolConfiguration({ world, account }: PrivateContext): unknown {
  return world.marketsOf('binance', 'linear').map((market) => ({
    symbol: market.id,
    marginType: 'CROSSED',
    isAutoAddMargin: false,
    leverage: Number(account.leverage(market.symbol)),
    maxNotionalValue: '20000000',
  }));
}

function commonRisk(position: Position): object {
  const { market } = position;
  return {
    symbol: market.id,
    positionSide: positionSide(position),
    positionAmt: signed(position, position.size),
    entryPrice: entryPrice(position),
    breakEvenPrice: entryPrice(position),
    markPrice: isHeld(position) ? money(market.prices.mark) : NOTHING,
    unRealizedProfit: isHeld(position) ? money(unrealizedPnl(position)) : NOTHING,
    liquidationPrice: isHeld(position) ? (liquidationPrice(position) ?? '0') : '0',
    updateTime: position.updatedAtMs,
  };
}

function marginTerms(position: Position): object {
  return {
    leverage: position.leverage,
    marginType: position.marginMode,
    isolatedMargin: isolatedMargin(position),
    isAutoAddMargin: 'false',
    isolatedWallet: isolatedMargin(position),
  };
}

function entryPrice(position: Position): string {
  return isHeld(position) ? position.averagePrice : '0.0';
}

function positionSide({ isHedged, side }: Position): string {
  return isHedged ? side.toUpperCase() : 'BOTH';
}

/** `0` is what tells that the margin is the wallet's. */
function isolatedMargin(position: Position): string {
  return position.marginMode === 'isolated' && isHeld(position) ? money(initialMargin(position)) : '0';
}

/** Shorts are negative amounts. */
function signed(position: Position, amount: string): string {
  return position.side === 'short' && isHeld(position) ? negate(amount) : amount;
}

function hasOpenOrders(account: SimulatedAccount, market: Market): boolean {
  return account.orders.some((order) => order.market === market && isOpen(order));
}

function orderMargin(account: SimulatedAccount, market: Market): string {
  const orders = account.openOrders().filter((order) => order.market === market && !order.reduceOnly);
  const waiting = orders.filter(({ state }) => state !== 'untriggered');
  return sum(waiting.map((order) => account.orderInitialMargin(order)));
}
