import { add, divide, subtract, sum } from '../../ledger/decimal.js';
import type { SimulatedAccount } from '../world/account.js';
import { isPositive, truncated } from '../world/amounts.js';
import { conventions } from '../world/conventions.js';
import { isHeld } from '../world/position.js';
import { money, type PrivateContext } from './binance-endpoint.js';
import { accountPosition } from './binance-positions.js';

/** USD-M and COIN-M: wallets, markets and endpoints are apart. */
export type FuturesKind = 'linear' | 'inverse';

/** `GET /fapi/v2|v3/account` (v3: only positions that are held) and `GET /dapi/v1/account`. */
export function futuresAccount(
  kind: FuturesKind,
  { onlyHeld }: { onlyHeld: boolean },
): (context: PrivateContext) => unknown {
  return ({ world, account }) => {
    const assets = walletAssets(account, kind).map((asset) => assetRow(account, kind, asset));
    const total = (field: keyof AssetRow) =>
      money(truncated(sum(assets.map((row) => String(row[field]))), 8));
    const positions = world
      .marketsOf('binance', kind)
      .flatMap((market) => account.positionsOf(market))
      .filter((position) => !onlyHeld || isHeld(position));
    const totals = {
      totalInitialMargin: total('initialMargin'),
      totalMaintMargin: total('maintMargin'),
      totalWalletBalance: total('walletBalance'),
      totalUnrealizedProfit: total('unrealizedProfit'),
      totalMarginBalance: total('marginBalance'),
      totalPositionInitialMargin: total('positionInitialMargin'),
      totalOpenOrderInitialMargin: total('openOrderInitialMargin'),
      totalCrossWalletBalance: total('crossWalletBalance'),
      totalCrossUnPnl: total('crossUnPnl'),
      availableBalance: total('availableBalance'),
      maxWithdrawAmount: total('maxWithdrawAmount'),
    };
    const rights = { feeTier: 0, canTrade: true, canDeposit: true, canWithdraw: false, updateTime: 0 };
    const linear = { multiAssetsMargin: false, tradeGroupId: -1, ...totals };
    return {
      ...rights,
      ...(kind === 'linear' ? linear : {}),
      assets,
      positions: positions.map(accountPosition),
    };
  };
}

/** `GET /fapi/v2|v3/balance` and `GET /dapi/v1/balance`. */
export function futuresBalance(kind: FuturesKind): (context: PrivateContext) => unknown {
  return ({ account }) =>
    walletAssets(account, kind).map((asset) => {
      const row = assetRow(account, kind, asset);
      const common = {
        accountAlias: 'SgsR',
        asset,
        balance: row.walletBalance,
        crossWalletBalance: row.crossWalletBalance,
        crossUnPnl: row.crossUnPnl,
        availableBalance: row.availableBalance,
        updateTime: row.updateTime,
      };
      return kind === 'linear'
        ? { ...common, maxWithdrawAmount: row.maxWithdrawAmount, marginAvailable: true }
        : { ...common, withdrawAvailable: row.maxWithdrawAmount };
    });
}

function walletAssets(account: SimulatedAccount, kind: FuturesKind): readonly string[] {
  return account.assets(conventions('binance').wallets[kind]);
}

/** Assets that nothing ever happened to since; ccxt takes 0 for an asset that is not set up. */
const FUNDED_MS = 1_625_474_304_765;

type AssetRow = ReturnType<typeof assetRow>;

function assetRow(account: SimulatedAccount, kind: FuturesKind, asset: string) {
  const wallet = conventions('binance').wallets[kind];
  const balance = account.balance(wallet, asset);
  const profit = account.unrealizedPnl(wallet, asset);
  const positionMargin = account.positionMargin(wallet, asset);
  const orderMargin = account.orderMargin(wallet, asset);
  const margin = add(positionMargin, orderMargin);
  const available = subtract(add(balance, profit), margin);
  const free = money(isPositive(available) ? available : '0');
  return {
    asset,
    walletBalance: money(balance),
    unrealizedProfit: money(profit),
    marginBalance: money(add(balance, profit)),
    maintMargin: money(truncated(divide(positionMargin, '20'), 8)),
    initialMargin: money(margin),
    positionInitialMargin: money(positionMargin),
    openOrderInitialMargin: money(orderMargin),
    crossWalletBalance: money(balance),
    crossUnPnl: money(profit),
    availableBalance: free,
    maxWithdrawAmount: free,
    marginAvailable: true,
    updateTime: account.trades.at(-1)?.timestampMs ?? FUNDED_MS,
  };
}
