import { add, isNegative, isZero, multiply, negate, subtract, sum } from '../../ledger/decimal.js';
import type { SimulatedAccount } from '../world/account.js';
import { truncated } from '../world/amounts.js';
import { initialMargin, isHeld, unrealizedPnl } from '../world/position.js';
import type { PrivateContext } from './okx-endpoint.js';

const WALLET = 'TRADING';
const FUNDING_WALLET = 'FUNDING';
const USD_DECIMALS = 8;

/**
 * `GET /api/v5/account/balance` (docs: "Get balance") of an account in multi-currency margin mode. Debt is
 * negative cash; the margin of isolated positions is not cash, but equity.
 */
export function accountBalance({ world, account, query }: PrivateContext): readonly unknown[] {
  const asked = query.get('ccy')?.split(',');
  const details = account
    .assets(WALLET)
    .filter((asset) => asked === undefined || asked.includes(asset))
    .map((asset) => detail(account, asset, world.usdValue(asset), String(world.now())))
    .filter(({ eq, frozenBal }) => !isZero(eq) || !isZero(frozenBal));
  const totalEq = truncated(sum(details.map(({ eqUsd }) => eqUsd)), USD_DECIMALS);
  const margin = sum(details.map(({ imr, ccy }) => multiply(imr, world.usdValue(ccy))));
  return [
    {
      uTime: String(world.now()),
      totalEq,
      adjEq: totalEq,
      availEq: truncated(subtract(totalEq, margin), USD_DECIMALS),
      isoEq: sum(details.map(({ isoEq, ccy }) => multiply(isoEq, world.usdValue(ccy)))),
      ordFroz: '0',
      imr: truncated(margin, USD_DECIMALS),
      mmr: truncated(multiply(margin, '0.05'), USD_DECIMALS),
      borrowFroz: '0',
      mgnRatio: '',
      notionalUsd: '',
      notionalUsdForBorrow: '0',
      notionalUsdForSwap: '0',
      notionalUsdForFutures: '0',
      notionalUsdForOption: '0',
      upl: sum(details.map(({ upl, ccy }) => multiply(upl, world.usdValue(ccy)))),
      details,
    },
  ];
}

function detail(account: SimulatedAccount, asset: string, usdValue: string, uTime: string) {
  const owned = account.owned(WALLET, asset);
  const upl = account.unrealizedPnl(WALLET, asset);
  const eq = add(owned, upl);
  const isolated = [...account.positions.values()].filter(
    (position) => isHeld(position) && position.marginMode === 'isolated' && position.market.settle === asset,
  );
  const isolatedMargin = sum(isolated.map(initialMargin));
  const isoUpl = sum(isolated.map(unrealizedPnl));
  const frozenBal = account.locked(WALLET, asset);
  const liab = isNegative(owned) ? negate(owned) : '0';
  const available = subtract(eq, frozenBal);
  return {
    ccy: asset,
    eq,
    cashBal: subtract(owned, isolatedMargin),
    uTime,
    isoEq: add(isolatedMargin, isoUpl),
    availEq: available,
    disEq: truncated(multiply(eq, usdValue), USD_DECIMALS),
    fixedBal: '0',
    availBal: available,
    frozenBal,
    ordFrozen: sum([account.orderMargin(WALLET, asset), account.lockedBySpotOrders(asset)]),
    liab,
    upl,
    uplLiab: '0',
    crossLiab: liab,
    rewardBal: '0',
    isoLiab: '0',
    mgnRatio: '',
    imr: account.positionMargin(WALLET, asset),
    mmr: '0',
    interest: '0',
    twap: '0',
    frpType: '0',
    maxLoan: '10000',
    eqUsd: truncated(multiply(eq, usdValue), USD_DECIMALS),
    borrowFroz: '0',
    notionalLever: '',
    stgyEq: '0',
    isoUpl,
    spotInUseAmt: '',
    clSpotInUseAmt: '',
    maxSpotInUse: '',
    spotIsoBal: '0',
    smtSyncEq: '0',
    spotCopyTradingEq: '0',
    spotBal: '',
    openAvgPx: '',
    accAvgPx: '',
    spotUpl: '',
    spotUplRatio: '',
    totalPnl: '',
    totalPnlRatio: '',
    colRes: '0',
    colBorrAutoConversion: '0',
    collateralRestrict: false,
    collateralEnabled: false,
    autoLendStatus: 'off',
    autoLendMtAmt: '0',
  };
}

/** `GET /api/v5/asset/balances` (docs: "Get balance" of the funding account): what is not zero. */
export function fundingBalances({ account, query }: PrivateContext): readonly unknown[] {
  const asked = query.get('ccy')?.split(',');
  return account
    .assets(FUNDING_WALLET)
    .filter((ccy) => asked === undefined || asked.includes(ccy))
    .map((ccy) => {
      const bal = account.balance(FUNDING_WALLET, ccy);
      const frozenBal = account.locked(FUNDING_WALLET, ccy);
      return { availBal: subtract(bal, frozenBal), bal, ccy, frozenBal };
    })
    .filter(({ bal }) => !isZero(bal));
}
