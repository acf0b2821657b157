import type { DecimalString } from '../../domain/decimal-string.js';
import { add, divide, isNegative, isZero, multiply, negate } from '../../ledger/decimal.js';
import type { SimulatedAccount } from './account.js';
import { decimalsOf, floorToStep, padded } from './amounts.js';
import { conventions } from './conventions.js';
import type { Movement, Treasury } from './history/treasury.js';
import type { Journal } from './journal.js';
import type { Market } from './market.js';
import type { Order } from './order.js';
import type { Trading } from './trading.js';
import type { AccountPlan, OrderPlan, PositionPlan } from './world-plan.js';

interface Founding {
  readonly journal: Journal;
  readonly trading: Trading;
  readonly markets: readonly Market[];
  readonly treasury: Treasury;
  readonly startMs: number;
}

/** From the first deposit to the first trade. */
const FUNDING_TAKES_MS = 60 * 60_000;

/** Gives an account what its plan says: balances, debts, positions and orders. */
export function foundAccount(account: SimulatedAccount, plan: AccountPlan, opening: Founding): void {
  const wallets = account.wallets();
  for (const [index, [wallet, asset, amount]] of plan.holdings.entries()) {
    if (!wallets.includes(wallet)) {
      throw new RangeError(`${plan.exchange} has no wallet ${wallet}; its wallets: ${wallets.join(', ')}`);
    }
    if (plan.history === undefined) openBalance(account, wallet, asset, amount, opening);
    else
      bringBalance(
        account,
        wallet,
        { asset, amount, timestampMs: opening.startMs + index * 60_000 },
        opening,
      );
  }
  const tookMs = plan.history === undefined ? 0 : FUNDING_TAKES_MS;
  const founding = { ...opening, startMs: opening.startMs + tookMs };
  const { journal, trading, startMs } = founding;
  for (const [asset, amount] of plan.borrowed ?? []) {
    const market = find(founding.markets, plan.exchange, `${asset}/USDT`);
    const book = account.book(conventions(plan.exchange).wallets.spot);
    const event = { timestampMs: startMs, kind: 'borrow', reference: { asset } } as const;
    journal.move(event, asset, amount, '@loans', book);
    account.borrow(asset, amount);
    const sale = { market, side: 'sell', type: 'market', price: undefined, amount } as const;
    trading.fill(account, trading.open(account, sale, startMs), amount, startMs);
  }
  for (const position of plan.positions ?? []) openPosition(account, position, founding);
  for (const order of plan.orders ?? []) placeOrders(account, order, founding);
}

function openPosition(account: SimulatedAccount, plan: PositionPlan, founding: Founding): void {
  const { trading, startMs, markets } = founding;
  const market = find(markets, account.identity.exchange, plan.symbol);
  const { side, contracts: amount, hedged = false, isolated = false } = plan;
  if (isolated && market.exchange === 'bybit') {
    throw new RangeError('bybit isolates the margin of whole accounts, which is not simulated');
  }
  const hedge = hedged ? ({ positionSide: side === 'buy' ? 'long' : 'short' } as const) : {};
  const terms = {
    market,
    side,
    type: 'market',
    price: undefined,
    amount,
    isIsolated: isolated,
    ...hedge,
  } as const;
  trading.fill(account, trading.open(account, terms, startMs), amount, startMs);
}

function openBalance(
  account: SimulatedAccount,
  wallet: string,
  asset: string,
  amount: DecimalString,
  { journal, startMs }: Founding,
): void {
  const event = { timestampMs: startMs, kind: 'opening', reference: { wallet } } as const;
  const book = account.book(wallet);
  if (!isZero(amount)) {
    journal.move(event, asset, amount, '@outside', book);
    return;
  }
  // Came and went: the wallet knows the asset and holds nothing of it.
  journal.move(event, asset, '1', '@outside', book);
  journal.move(event, asset, '1', book, '@outside');
}

/** What a history tells: a deposit, and a move to the wallet where it is not the one that deposits arrive in. */
function bringBalance(
  account: SimulatedAccount,
  wallet: string,
  { asset, amount, timestampMs }: Movement,
  { treasury }: Founding,
): void {
  const { depositWallet, extras } = conventions(account.identity.exchange);
  if (isNegative(amount)) {
    const interest = extras.interest ?? wallet;
    treasury.enter(account, { wallet: interest, kind: 'interest', asset, amount, timestampMs });
    return;
  }
  // Came and went: the wallet knows the asset and holds nothing of it.
  const arriving = isZero(amount) ? '1' : amount;
  treasury.deposit(account, { asset, amount: arriving, timestampMs });
  if (wallet !== depositWallet) {
    const moved = { asset, amount: arriving, timestampMs: timestampMs + 20_000 };
    treasury.transfer(account, depositWallet, wallet, moved);
  }
  if (!isZero(amount)) return;
  const back = { asset, amount: arriving, timestampMs: timestampMs + 40_000 };
  if (wallet !== depositWallet) treasury.transfer(account, wallet, depositWallet, back);
  treasury.withdraw(account, back);
}

function placeOrders(account: SimulatedAccount, plan: OrderPlan, founding: Founding): Order[] {
  const market = find(founding.markets, account.identity.exchange, plan.symbol);
  const further = plan.side === 'buy' ? negate(market.tickSize) : market.tickSize;
  return Array.from({ length: plan.count ?? 1 }, (_, index) => {
    const away = multiply(further, String(index));
    const condition =
      plan.condition === undefined
        ? {}
        : {
            condition: plan.condition,
            triggerPrice: percentOfPrice(market, plan.triggerAt ?? plan.priceAt, away),
          };
    const order = founding.trading.open(
      account,
      {
        market,
        side: plan.side,
        type: 'limit',
        price: percentOfPrice(market, plan.priceAt, away),
        amount: plan.amount,
        reduceOnly: plan.reduceOnly ?? false,
        ...condition,
      },
      founding.startMs + index,
    );
    if (plan.filled !== undefined) {
      founding.trading.fill(account, order, plan.filled, founding.startMs + index);
    }
    return order;
  });
}

/** A price on the market's grid. */
export function percentOfPrice(market: Market, percent: DecimalString, away: DecimalString): DecimalString {
  const price = add(divide(multiply(market.prices.mark, percent), '100'), away);
  return padded(floorToStep(price, market.tickSize), decimalsOf(market.tickSize));
}

function find(markets: readonly Market[], exchange: string, symbol: string): Market {
  const market = markets.find((one) => one.exchange === exchange && one.symbol === symbol);
  if (market === undefined) throw new RangeError(`${exchange} has no market ${symbol}`);
  return market;
}
