import { add, divide, isZero, multiply, negate, subtract, sum } from '../../ledger/decimal.js';
import type { SimulatedAccount } from '../world/account.js';
import { isPositive, truncated } from '../world/amounts.js';
import type { PrivateContext } from './bybit-endpoint.js';
import { BybitError } from './bybit-errors.js';

const WALLET = 'UNIFIED';
const FUNDING_WALLET = 'FUND';

/** Digits of sums in US dollars. */
const USD_DECIMALS = 8;

/** `GET /v5/account/wallet-balance`: coins that are zero in every respect are left out, unless asked for. */
export function walletBalance({ world, account, query }: PrivateContext): unknown {
  if (query.get('accountType') !== WALLET) throw new BybitError(10001, 'accountType only support UNIFIED.');
  const asked = query.get('coin')?.split(',');
  const coins = (asked ?? account.assets(WALLET))
    .map((asset) => coinBalance(account, asset, world.usdValue(asset)))
    .filter((coin) => asked !== undefined || !isZero(coin.walletBalance) || !isZero(coin.spotBorrow));
  const total = (amount: (coin: CoinBalance) => string) =>
    truncated(sum(coins.map((coin) => multiply(amount(coin), world.usdValue(coin.coin)))), USD_DECIMALS);
  const equity = total((coin) => coin.equity);
  const initialMargin = total((coin) => add(coin.totalOrderIM, coin.totalPositionIM));
  const rate = (part: string) => (isPositive(equity) ? truncated(divide(part, equity), 4) : '0');
  const maintenanceMargin = total((coin) => coin.totalPositionMM);
  return {
    list: [
      {
        totalEquity: equity,
        accountIMRate: rate(initialMargin),
        totalMarginBalance: equity,
        totalInitialMargin: initialMargin,
        accountType: WALLET,
        totalAvailableBalance: subtract(equity, initialMargin),
        accountMMRate: rate(maintenanceMargin),
        totalPerpUPL: total((coin) => coin.unrealisedPnl),
        totalWalletBalance: total((coin) => coin.walletBalance),
        accountLTV: '0',
        totalMaintenanceMargin: maintenanceMargin,
        coin: coins,
      },
    ],
  };
}

type CoinBalance = ReturnType<typeof coinBalance>;

function coinBalance(account: SimulatedAccount, asset: string, usdValue: string) {
  const balance = account.balance(WALLET, asset);
  const borrowedForSpot = account.borrowed.get(asset) ?? '0';
  const debt = isPositive(negate(balance)) ? negate(balance) : '0';
  const unrealisedPnl = account.unrealizedPnl(WALLET, asset);
  const equity = add(subtract(balance, borrowedForSpot), unrealisedPnl);
  const positionMargin = account.positionMargin(WALLET, asset);
  return {
    // availableToBorrow and availableToWithdraw are no longer filled in for unified accounts.
    availableToBorrow: '',
    bonus: '0',
    accruedInterest: '0',
    availableToWithdraw: '',
    totalOrderIM: account.orderMargin(WALLET, asset),
    equity,
    totalPositionMM: truncated(divide(positionMargin, '20'), 8),
    usdValue: truncated(multiply(equity, usdValue), USD_DECIMALS),
    unrealisedPnl,
    collateralSwitch: true,
    spotHedgingQty: '0',
    borrowAmount: add(debt, borrowedForSpot),
    totalPositionIM: positionMargin,
    walletBalance: balance,
    cumRealisedPnl: '0',
    locked: account.lockedBySpotOrders(asset),
    marginCollateral: true,
    coin: asset,
    spotBorrow: borrowedForSpot,
  };
}

/** `GET /v5/asset/transfer/query-account-coins-balance` of the funding wallet, the zeros included. */
export function accountCoinsBalance({ account, query }: PrivateContext): unknown {
  const accountType = query.get('accountType') ?? '';
  const asked = query.get('coin')?.split(',');
  if (accountType === WALLET && asked === undefined) {
    throw new BybitError(10001, 'UNIFIED account type must pass coin');
  }
  if (accountType !== WALLET && accountType !== FUNDING_WALLET) {
    throw new BybitError(10001, 'accountType is invalid');
  }
  return {
    memberId: account.identity.uid,
    accountType,
    balance: (asked ?? account.assets(accountType)).map((coin) => {
      const walletBalance = account.balance(accountType, coin);
      const transferBalance = subtract(walletBalance, account.locked(accountType, coin));
      return { coin, transferBalance, walletBalance, bonus: accountType === FUNDING_WALLET ? '' : '0' };
    }),
  };
}
