import type { OrderStatus, PriceRecord } from '../../domain/records.js';
import { add, divide, multiply, subtract } from '../../ledger/decimal.js';
import type { AccountTruth, BalanceTruth, OrderTruth, PositionTruth, Truth } from '../truth.js';
import type { SimulatedAccount } from './account.js';
import { conventions } from './conventions.js';
import type { Serving } from './history/serving.js';
import type { Market } from './market.js';
import { isOpen, type Order, type OrderState, remaining } from './order.js';
import { isHeld, liquidationPrice, type Position, unrealizedPnl } from './position.js';
import type { World } from './world.js';

/** What an exchange calls an order's state and type, and how long it serves what, as far as it is part of the truth. */
export interface ExchangeWords {
  /** By the path of each list of what happened; undefined: for ever. */
  readonly retentionMs: Readonly<Record<string, number | undefined>>;
  readonly status: (order: Order) => string;
  /** Absent: `limit` or `market`. */
  readonly type?: (order: Order) => string;
}

const STATUSES: Readonly<Record<OrderState, OrderStatus>> = {
  untriggered: 'open',
  new: 'open',
  'partially-filled': 'open',
  filled: 'closed',
  canceled: 'canceled',
  // Part of it traded, and the rest never will.
  'partially-filled-canceled': 'canceled',
  deactivated: 'canceled',
  triggered: 'closed',
};

/** Everything that is true now, read off the world and its journal; nothing of it goes over an exchange's API. */
export function truthOf(world: World, words: Readonly<Record<string, ExchangeWords>>): Truth {
  const exchanges = [...new Set(world.markets.map((market) => market.exchange))];
  return {
    seed: world.seed,
    steps: world.steps,
    timestampMs: world.now(),
    exchanges: Object.fromEntries(
      exchanges.map((exchange) => [
        exchange,
        {
          prices: world.marketsOf(exchange, 'spot').flatMap(priceTruth),
          accounts: Object.fromEntries(
            world.accounts
              .filter(({ identity }) => identity.exchange === exchange)
              .map((account) => [account.identity.account, accountTruth(account, words[exchange], world)]),
          ),
        },
      ]),
    ),
  };
}

function accountTruth(
  account: SimulatedAccount,
  words: ExchangeWords | undefined,
  world: World,
): AccountTruth {
  const orders = account.orders.map((order) => orderTruth(order, words));
  return {
    balances: account.wallets().flatMap((wallet) => balancesTruth(account, wallet)),
    positions: [...account.positions.values()].filter(isHeld).map(positionTruth),
    openOrders: orders.filter((_, index) => isOpen(account.orders[index] as Order)),
    endedOrders: orders.filter((_, index) => !isOpen(account.orders[index] as Order)).reverse(),
    unreadableWallets: account.unreadableWallets(),
    openedAtMs: account.openedAtMs,
    happened: account.history.counts(),
    served: served(account, words?.retentionMs ?? {}, { serving: world.serving, now: world.now() }),
  };
}

function balancesTruth(account: SimulatedAccount, wallet: string): readonly BalanceTruth[] {
  const { profitIsAvailable = false } = conventions(account.identity.exchange);
  return account.assets(wallet).map((asset) => {
    const locked = account.locked(wallet, asset);
    const balance = account.balance(wallet, asset);
    const total = account.owned(wallet, asset);
    const usable = profitIsAvailable ? add(balance, account.unrealizedPnl(wallet, asset)) : balance;
    return {
      wallet,
      currency: asset,
      available: subtract(usable, locked),
      locked,
      total,
      borrowed: subtract(balance, total),
    };
  });
}

function positionTruth(position: Position): PositionTruth {
  const { market, side, size, averagePrice, leverage, createdAtMs, updatedAtMs } = position;
  const { untold } = conventions(market.exchange);
  return {
    symbol: market.symbol,
    marketId: market.id,
    side,
    marginMode: position.marginMode,
    quantity: market.kind === 'inverse' ? undefined : multiply(size, market.contractSize),
    contracts: size,
    entryPrice: averagePrice,
    markPrice: market.prices.mark,
    unrealizedPnl: unrealizedPnl(position),
    leverage: untold.leverageOf.includes(market.kind) ? undefined : leverage,
    liquidationPrice: liquidationPrice(position),
    settleCurrency: market.settle,
    timestampMs: undefined,
    createdAtMs,
    updatedAtMs,
  };
}

function orderTruth(order: Order, words: ExchangeWords | undefined): OrderTruth {
  const { untold } = conventions(order.market.exchange);
  const tellsFill = order.state !== 'untriggered' || !untold.fillsOfWaiting.includes(order.market.kind);
  return {
    symbol: order.market.symbol,
    marketId: order.market.id,
    orderId: order.id,
    orderType: words?.type?.(order) ?? order.type,
    side: order.side,
    price: order.price,
    triggerPrice: order.triggerPrice,
    average: order.fillPrice,
    amount: order.amount,
    filled: tellsFill ? order.filled : undefined,
    remaining: tellsFill ? remaining(order) : undefined,
    status: STATUSES[order.state],
    rawStatus: words?.status(order),
    timestampMs: order.createdAtMs,
    conditional: order.condition !== undefined,
    updatedAtMs: order.updatedAtMs,
  };
}

function priceTruth({ base, quote, prices }: Market): readonly PriceRecord[] {
  const { last, bid, ask, updatedAtMs: timestampMs } = prices;
  if (last !== undefined) return [{ base, quote, price: last, source: 'last', timestampMs }];
  if (bid === undefined || ask === undefined) return [];
  return [{ base, quote, price: divide(add(bid, ask), '2'), source: 'mid', timestampMs }];
}

function served(
  { identity, openedAtMs }: SimulatedAccount,
  published: ExchangeWords['retentionMs'],
  { serving, now }: { serving: Serving; now: number },
): AccountTruth['served'] {
  const { exchange, account } = identity;
  return Object.fromEntries(
    Object.entries(published).map(([path, retentionMs]) => {
      const kept = serving.retentionMs({ exchange, account, path }, retentionMs);
      return [path, { fromMs: Math.max(openedAtMs, now - kept), toMs: now }];
    }),
  );
}
