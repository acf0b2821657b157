import { expect } from 'chai';
import { compare, subtract } from '#src/ledger/decimal.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { AccountTruth, BalanceTruth } from '#src/simulator/truth.js';
import { widePlan } from '#src/simulator/world/presets/wide.js';
import { expectOrders, expectPositions, expectSame, plain } from './expect-truth.js';

// biome-ignore lint/suspicious/noExplicitAny: ccxt's own types call amounts numbers, which they are not here
type Ccxt = any;

const CCXT = new URL('./src/', import.meta.resolve('ccxt')).href;

/** ccxt's own clients, as they come, against the simulator: what they read is the truth. */
describe('ccxt reading the simulator', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: 'ccxt' });
  });

  afterEach(() => simulator.stop());

  for (const steps of [0, 3]) {
    it(`gets bybit's accounts right after ${steps} steps`, async () => {
      advance(simulator, steps);
      const main = await client(simulator, 'bybit', 'main');
      const truth = accountTruth(simulator, 'bybit', 'main');
      await expectBalances(main, truth, 'UNIFIED', { type: 'unified' });
      await expectBalances(main, truth, 'FUND', { type: 'funding' });
      const scopes = [
        { settleCoin: 'USDT' },
        { settleCoin: 'USDC' },
        { subType: 'inverse' },
        { type: 'option' },
      ];
      const positions = [];
      for (const scope of scopes) positions.push(...(await main.fetchPositions(undefined, scope)));
      expectPositions(positions, truth.positions);
      const lists = [
        { type: 'spot' },
        { settleCoin: 'USDT' },
        { settleCoin: 'USDC' },
        { subType: 'inverse', settleCoin: 'BTC' },
        { type: 'option' },
      ];
      const orders = [];
      for (const list of lists) orders.push(...(await main.fetchOpenOrders(undefined, undefined, 50, list)));
      expectOrders(orders, truth.openOrders);
      const ended = await main.fetchCanceledAndClosedOrders(undefined, undefined, 50, { type: 'spot' });
      expect(ended.length).to.be.greaterThan(0);
    });

    it(`gets binance's account right after ${steps} steps`, async () => {
      advance(simulator, steps);
      const main = await client(simulator, 'binance', 'main');
      const truth = accountTruth(simulator, 'binance', 'main');
      await expectBalances(main, truth, 'MAIN', {});
      await expectBalances(main, truth, 'FUNDING', { type: 'funding' });
      const linear = await main.fetchPositions(undefined, { type: 'swap', subType: 'linear' });
      const inverse = await main.fetchPositions(undefined, { type: 'swap', subType: 'inverse' });
      expectPositions([...linear, ...inverse], truth.positions);
      const lists = [
        {},
        { type: 'swap', subType: 'linear' },
        { type: 'swap', subType: 'linear', trigger: true },
        { type: 'swap', subType: 'inverse' },
        { type: 'swap', subType: 'inverse', trigger: true },
      ];
      const orders = [];
      for (const list of lists) {
        orders.push(...(await main.fetchOpenOrders(undefined, undefined, undefined, list)));
      }
      expectOrders(orders, truth.openOrders);
    });
  }

  it("gets binance's futures wallets, whose total ccxt makes of balance and unrealised profit", async () => {
    const main = await client(simulator, 'binance', 'main');
    const truth = accountTruth(simulator, 'binance', 'main');
    for (const [wallet, subType] of [
      ['UMFUTURE', 'linear'],
      ['CMFUTURE', 'inverse'],
    ] as const) {
      const { info } = await main.fetchBalance({ type: 'swap', subType });
      const balances = truth.balances.filter((one) => one.wallet === wallet);
      expect(balances.length).to.be.greaterThan(1);
      for (const { currency, total, locked } of balances) {
        const row = info.assets.find((one: { asset: string }) => one.asset === currency);
        expectSame(row.walletBalance, total, `${wallet} ${currency}`);
        expectSame(row.initialMargin, locked, `${wallet} ${currency} locked`);
      }
    }
  });

  it('finds each open order alone', async () => {
    const bybit = await client(simulator, 'bybit', 'main');
    for (const order of accountTruth(simulator, 'bybit', 'main').openOrders) {
      const found = await bybit.fetchOrder(order.orderId, order.symbol, { acknowledged: true });
      expectOrders([found], [order]);
    }
    const binance = await client(simulator, 'binance', 'main');
    for (const order of accountTruth(simulator, 'binance', 'main').openOrders) {
      const trigger = order.conditional && order.symbol.includes(':');
      expectOrders(
        [await binance.fetchOrder(order.orderId, order.symbol, trigger ? { trigger } : {})],
        [order],
      );
    }
  });

  for (const exchange of ['bybit', 'binance']) {
    it(`gets the prices of ${exchange}`, async () => {
      const market = await client(simulator, exchange);
      const tickers = await market.fetchTickers(undefined, { type: 'spot' });
      const prices = simulator.truth().exchanges[exchange]?.prices ?? [];
      expect(prices.length).to.be.greaterThan(15);
      for (const { base, quote, price, source } of prices) {
        const ticker = tickers[`${base}/${quote}`];
        if (source === 'last') expectSame(ticker.last, price, `${base}/${quote}`);
        else expect(ticker.last).to.equal(undefined);
      }
      const contracts = await market.fetchTickers(undefined, { type: 'swap', subType: 'linear' });
      expect(Object.keys(contracts)).to.include('BTC/USDT:USDT');
    });

    it(`reads 200 assets of ${exchange} with one request`, async () => {
      const wide = await startSimulator({ plan: widePlan({ assets: 200 }) });
      const main = await client(wide, exchange, 'main');
      wide.requests.reset();
      const { total } = await main.fetchBalance(exchange === 'bybit' ? { type: 'unified' } : {});
      expect(Object.values(total).filter((amount) => compare(String(amount), '1') > 0)).to.have.length(200);
      const reads = wide.requests.counts().filter(({ path }) => /wallet-balance|\/account$/.test(path));
      expect(reads.map(({ count }) => count)).to.deep.equal([1]);
      await wide.stop();
    });
  }

  it('sees debt as it is: below zero in the wallet, or borrowed beside it', async () => {
    const sub1 = await client(simulator, 'bybit', 'sub1');
    const { total } = await sub1.fetchBalance({ type: 'unified' });
    expect(total.USDT).to.match(/^-/);
    const main = await client(simulator, 'bybit', 'main');
    const { info } = await main.fetchBalance({ type: 'unified' });
    const sol = info.result.list[0].coin.find((one: { coin: string }) => one.coin === 'SOL');
    expect([sol.walletBalance, sol.spotBorrow, sol.equity]).to.deep.equal(['0', '12.5', '-12.5']);
  });

  it('gets the errors that ccxt knows', async () => {
    const sub1 = await client(simulator, 'bybit', 'sub1');
    await rejects(sub1.fetchBalance({ type: 'funding' }), 'PermissionDenied');
    const wrong = await client(simulator, 'bybit', 'main');
    wrong.secret = 'wrong';
    await rejects(wrong.fetchBalance({ type: 'unified' }), 'AuthenticationError');
    simulator.setClockOffset(30_000);
    const skewed = await client(simulator, 'binance', 'main');
    await rejects(skewed.fetchBalance(), 'InvalidNonce');
    await skewed.loadTimeDifference();
    expect((await skewed.fetchBalance()).total.USDT).to.be.a('string');
  });
});

async function client(simulator: Simulator, exchange: string, account?: string): Promise<Ccxt> {
  const { default: Exchange } = await import(`${CCXT}${exchange}.js`);
  const settings = { proxyUrl: simulator.proxyUrl(exchange), number: String, enableRateLimit: false };
  const keyless = new Exchange(settings);
  await keyless.loadMarkets();
  const found = simulator.accounts.find((one) => one.exchange === exchange && one.account === account);
  if (found === undefined) return keyless;
  const signed = new Exchange({ ...settings, ...found.credentials });
  signed.setMarketsFromExchange(keyless);
  signed.options.warnOnFetchOpenOrdersWithoutSymbol = false;
  return signed;
}

function advance(simulator: Simulator, steps: number): void {
  for (let step = 0; step < steps; step += 1) simulator.world.advance();
}

function accountTruth(simulator: Simulator, exchange: string, account: string): AccountTruth {
  const truth = simulator.truth().exchanges[exchange]?.accounts[account];
  if (truth === undefined) throw new Error(`the world has no ${exchange}/${account}`);
  return truth;
}

async function expectBalances(
  ccxt: Ccxt,
  truth: AccountTruth,
  wallet: string,
  params: object,
): Promise<void> {
  const balance = await ccxt.fetchBalance(params);
  const balances: readonly BalanceTruth[] = truth.balances.filter((one) => one.wallet === wallet);
  expect(balances.length).to.be.greaterThan(1);
  for (const { currency, total, available, borrowed } of balances) {
    const read = balance[currency] ?? { total: '0', free: '0' };
    expectSame(subtract(plain(read.total), borrowed), total, `${wallet} ${currency}`);
    expectSame(read.free, available, `${wallet} ${currency} available`);
  }
  const known = new Set(balances.map(({ currency }) => currency));
  for (const [currency, amount] of Object.entries(balance.total)) {
    if (!known.has(currency)) expectSame(String(amount), '0', `${wallet} ${currency}`);
  }
}

async function rejects(promise: Promise<unknown>, name: string): Promise<void> {
  let caught: unknown;
  try {
    await promise;
  } catch (error: unknown) {
    caught = error;
  }
  expect((caught as Error | undefined)?.name).to.equal(name);
}
