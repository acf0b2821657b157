import { subtract } from '../../ledger/decimal.js';
import { isPositive } from '../world/amounts.js';
import { money, type PrivateContext } from './binance-endpoint.js';

/** `GET /api/v3/account`: every asset of the exchange, the zeros too unless `omitZeroBalances` says otherwise. */
export function spotAccount({ world, account, query }: PrivateContext): unknown {
  const listed = world.marketsOf('binance', 'spot').flatMap(({ base, quote }) => [base, quote]);
  const assets = [...new Set([...listed, ...account.assets('MAIN')])];
  const omitsZeros = query.get('omitZeroBalances') === 'true';
  return {
    makerCommission: 10,
    takerCommission: 10,
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: {
      maker: '0.00100000',
      taker: '0.00100000',
      buyer: '0.00000000',
      seller: '0.00000000',
    },
    canTrade: true,
    canWithdraw: false,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: account.orders.at(-1)?.updatedAtMs ?? 0,
    accountType: 'SPOT',
    balances: assets
      .map((asset) => {
        const total = account.balance('MAIN', asset);
        const locked = account.lockedBySpotOrders(asset);
        return { asset, total, free: money(subtract(total, locked)), locked: money(locked) };
      })
      .filter(({ total }) => !omitsZeros || isPositive(total))
      .map(({ asset, free, locked }) => ({ asset, free, locked })),
    permissions: ['SPOT'],
    uid: Number(account.identity.uid),
  };
}

/** `POST /sapi/v1/asset/get-funding-asset`: only what is there. */
export function fundingAssets({ account, query }: PrivateContext): unknown {
  const asked = query.get('asset');
  return account
    .assets('FUNDING')
    .filter((asset) => asked === null || asset === asked)
    .map((asset) => ({ asset, free: account.balance('FUNDING', asset) }))
    .filter(({ free }) => isPositive(free))
    .map(({ asset, free }) => ({
      asset,
      free: money(free),
      locked: '0.00000000',
      freeze: '0.00000000',
      withdrawing: '0.00000000',
      btcValuation: '0.00000000',
    }));
}

/** `GET /sapi/v1/capital/config/getall`: coins, one network each. */
export function coinConfigurations({ world, account }: PrivateContext): unknown {
  const coins = world.marketsOf('binance', 'spot').flatMap(({ base, quote }) => [base, quote]);
  return [...new Set(coins)].map((coin) => ({
    coin,
    name: coin,
    free: money(account.balance('MAIN', coin)),
    locked: money(account.lockedBySpotOrders(coin)),
    freeze: '0',
    withdrawing: '0',
    ipoing: '0',
    ipoable: '0',
    storage: '0',
    isLegalMoney: false,
    trading: true,
    depositAllEnable: true,
    withdrawAllEnable: true,
    networkList: [
      {
        network: coin,
        coin,
        name: coin,
        isDefault: true,
        depositEnable: true,
        withdrawEnable: true,
        withdrawFee: '0.0005',
        withdrawMin: '0.001',
        withdrawMax: '10000000',
        withdrawIntegerMultiple: '0.00000001',
        minConfirm: 1,
        unLockConfirm: 0,
      },
    ],
  }));
}

/** `GET /sapi/v1/margin/allPairs` and `/isolated/allPairs`: margin trading is not simulated. */
export function marginPairs(): unknown {
  return [];
}
