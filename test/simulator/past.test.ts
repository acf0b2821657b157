import { expect } from 'chai';
import { isNegative, isZero, subtract, sum } from '#src/ledger/decimal.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { AccountTruth, LedgerTruth, TransferTruth } from '#src/simulator/truth.js';
import { binanceDated, bybitDated } from '#src/simulator/world/market-specs.js';
import { okxDated, okxMarkets } from '#src/simulator/world/okx-markets.js';
import type { HistoryPlan } from '#src/simulator/world/world-plan.js';
import { accountOf, DAY_MS, HandClock, listed, NOW_MS, startPast } from './past-worlds.js';
import { ask, askBybit } from './simulated-http.js';

describe('the past of simulated accounts', () => {
  let simulator: Simulator;
  let clock: HandClock;
  beforeEach(() => {
    clock = new HandClock();
  });
  afterEach(() => simulator.stop());

  const ledgerOf = (exchange: string, account = 'main'): LedgerTruth[] => [
    ...simulator.history(exchange, account).ledger(),
  ];
  const transfersOf = (exchange: string, account = 'main'): TransferTruth[] => [
    ...simulator.history(exchange, account).transfers(),
  ];
  const truthOf = (exchange: string, account = 'main'): AccountTruth => {
    const found = simulator.truth().exchanges[exchange]?.accounts[account];
    if (found === undefined) throw new Error(`the truth has no ${exchange}/${account}`);
    return found;
  };
  /** Sums of the statement are what is owned, and the last row of an asset says what the wallet holds. */
  const expectExplained = (exchange: string, account: string) => {
    const rows = ledgerOf(exchange, account);
    const { balances } = truthOf(exchange, account);
    expect(balances.length).to.be.greaterThan(4);
    for (const { wallet, currency, total } of balances) {
      const own = rows.filter((row) => row.wallet === wallet && row.currency === currency);
      expect(subtract(sum(own.map(({ change }) => change)), total), `${wallet} ${currency}`).to.equal('0');
    }
  };

  for (const exchange of ['bybit', 'binance', 'okx']) {
    it(`at ${exchange} explains every balance from nothing, and goes on to`, async () => {
      simulator = await startPast(exchange, { fills: 250 }, { days: 70, clock });
      expectExplained(exchange, 'main');
      expect(truthOf(exchange).openedAtMs).to.equal(NOW_MS - 70 * DAY_MS);
      for (let step = 0; step < 5; step += 1) {
        clock.advance(60_000);
        simulator.world.advance();
      }
      expectExplained(exchange, 'main');
    });
  }

  it('of the demo is one that explains what its accounts hold', async () => {
    simulator = await startSimulator({ clock });
    for (const [exchange, account] of [
      ['bybit', 'main'],
      ['bybit', 'sub1'],
      ['binance', 'main'],
    ] as const) {
      expectExplained(exchange, account);
      const events = new Set(ledgerOf(exchange, account).map(({ event }) => event));
      expect(events, account).to.include.keys('deposit', 'withdrawal', 'transfer', 'trade');
      expect([...simulator.history(exchange, account).fills()].length).to.be.greaterThan(50);
    }
    expect(new Set(ledgerOf('bybit').map(({ event }) => event))).to.include.keys('funding', 'interest');
    // A loan is no row: what is owned is the same with it as without.
    expect(truthOf('bybit').balances.find(({ currency }) => currency === 'SOL')?.borrowed).to.equal('12.5');
    expect(ledgerOf('bybit').some(({ event }) => event === 'borrow')).to.equal(false);
  });

  it('spends nothing that orders which still wait have set aside', async () => {
    const holdings = [
      ['MAIN', 'USDT', '9000'],
      ['MAIN', 'BNB', '14'],
      ['MAIN', 'ETH', '2'],
    ] as const;
    const orders = [
      { symbol: 'BNB/USDT', side: 'sell', amount: '6', priceAt: '112' },
      { symbol: 'ETH/USDT', side: 'sell', amount: '1', priceAt: '112' },
      { symbol: 'BTC/USDT', side: 'buy', amount: '0.08', priceAt: '90' },
    ] as const;
    const history = { fills: 150, symbols: ['BNB/USDT', 'ETH/USDT'] };
    for (const seed of ['a', 'b', 'c']) {
      if (seed !== 'a') await simulator.stop();
      const plan = { accounts: [{ exchange: 'binance', account: 'main', holdings, orders, history }] };
      simulator = await startSimulator({ seed, clock, plan });
      expect(truthOf('binance').openOrders.length).to.be.at.least(3);
      // Fills them, too: what they would take is still there.
      for (let step = 0; step < 4; step += 1) {
        const short = truthOf('binance').balances.filter(
          ({ available, total }) => isNegative(available ?? '0') || isNegative(total),
        );
        expect(short, `${seed} after ${step} steps`).to.deep.equal([]);
        simulator.world.advance();
      }
    }
  });

  it('has exactly the fills that it was told to have, and none in its gaps', async () => {
    const gaps = [
      { fromDay: 5, days: 3 },
      { fromDay: 20, days: 10 },
    ];
    simulator = await startPast('bybit', { fills: 333, gaps }, { days: 40, clock });
    const fills = [...simulator.history('bybit', 'main').fills()];
    expect(fills).to.have.length(333);
    const days = fills.map(({ timestampMs }) => (timestampMs - truthOf('bybit').openedAtMs) / DAY_MS);
    // The time is counted from two hours after the opening, when the money is there.
    const isIn = (day: number, from: number, to: number) => day > from + 0.1 && day < to;
    expect(days.filter((day) => isIn(day, 5, 8) || isIn(day, 20, 30))).to.deep.equal([]);
  });

  it('has fills of the same millisecond where it was told to', async () => {
    const plan = { fills: 120, plain: true, bursts: [{ at: 49, size: 4 }] };
    simulator = await startPast('bybit', plan, { days: 10, clock });
    const times = [...simulator.history('bybit', 'main').fills()]
      .map(({ timestampMs }) => timestampMs)
      .sort((left, right) => right - left);
    expect(new Set(times.slice(49, 53)).size).to.equal(1);
    expect(new Set(times).size).to.equal(117);
  });

  it('has tiny amounts, rebates, forced fills, dust and conversions in it', async () => {
    simulator = await startPast('bybit', { fills: 900 }, { days: 60, clock });
    const fills = [...simulator.history('bybit', 'main').fills()];
    expect(new Set(fills.map(({ kind }) => kind))).to.include.keys('trade', 'adl', 'liquidation');
    expect(fills.some(({ feeCost }) => isNegative(feeCost ?? '0'))).to.equal(true);
    expect(fills.some(({ feeCurrency, base, quote }) => ![base, quote].includes(feeCurrency ?? ''))).to.equal(
      true,
    );
    const deposits = transfersOf('bybit').filter(({ kind }) => kind === 'deposit');
    expect(deposits.some(({ amount }) => amount === '0.00000001')).to.equal(true);
    const statuses = new Set(transfersOf('bybit').map(({ status }) => status));
    expect(statuses).to.have.keys('ok', 'canceled');
    expect(ledgerOf('bybit').some(({ event }) => event === 'conversion')).to.equal(true);
  });

  it('moves nothing by what is on its way, until it has arrived', async () => {
    const plan: HistoryPlan = { fills: 40, plain: true, pending: true };
    simulator = await startPast('bybit', plan, { days: 10, clock });
    const pending = () => transfersOf('bybit').filter(({ status }) => status === 'pending');
    expect(pending().map(({ kind }) => kind)).to.deep.equal(['deposit', 'withdrawal']);
    expectExplained('bybit', 'main');
    const [deposit] = pending();
    const booked = () => ledgerOf('bybit').filter(({ reference }) => reference === deposit?.id);
    expect(booked()).to.deep.equal([]);
    const statusOf = async (): Promise<number> => {
      clock.advance(1_000);
      const { json } = await askBybit(
        simulator,
        '/v5/asset/deposit/query-record',
        {},
        { timestampMs: clock.now() },
      );
      return json.result.rows.find((row: { id: string }) => row.id === deposit?.id).status;
    };
    expect(await statusOf()).to.equal(2);
    simulator.world.advance();
    expect(await statusOf()).to.equal(3);
    expect(booked().map(({ change }) => change)).to.deep.equal([deposit?.amount]);
    simulator.world.advance();
    expect(pending()).to.deep.equal([]);
    expectExplained('bybit', 'main');
  });

  it('ends what is on its way as a test wants it', async () => {
    simulator = await startPast('okx', { fills: 40, plain: true, pending: true }, { days: 10, clock });
    const withdrawal = transfersOf('okx').find(({ kind }) => kind === 'withdrawal');
    const body = { exchange: 'okx', account: 'main', id: withdrawal?.id, status: 'failed' };
    const url = `${simulator.url}/control/transfers`;
    expect((await ask(url, { method: 'POST', body: JSON.stringify(body) })).status).to.equal(200);
    expect(transfersOf('okx').find(({ id }) => id === withdrawal?.id)?.status).to.equal('failed');
    expectExplained('okx', 'main');
    const again = await ask(url, { method: 'POST', body: JSON.stringify(body) });
    expect([again.status, again.json.error]).to.deep.equal([
      400,
      `okx/main has no transfer ${withdrawal?.id} that is on its way`,
    ]);
  });

  it('has gifts between two accounts of one owner, which both see', async () => {
    const history = { fills: 200 };
    simulator = await startSimulator({
      seed: 'gifts',
      clock,
      historyMs: 30 * DAY_MS,
      plan: {
        accounts: [
          { exchange: 'bybit', account: 'main', holdings: [], history },
          { exchange: 'bybit', account: 'sub1', holdings: [], history },
        ],
      },
    });
    const gifts = (account: string) => transfersOf('bybit', account).filter((one) => one.betweenAccounts);
    expect(gifts('main').length).to.be.greaterThan(2);
    expect(gifts('main').map(({ id }) => id)).to.have.members(gifts('sub1').map(({ id }) => id));
    for (const gift of gifts('main')) {
      const other = gifts('sub1').find(({ id }) => id === gift.id);
      expect(sum([gift.change, other?.change ?? 'none'])).to.equal('0');
      expect(isZero(gift.change)).to.equal(false);
    }
    expectExplained('bybit', 'main');
    expectExplained('bybit', 'sub1');
    const range = { startTime: String(NOW_MS - 7 * DAY_MS), endTime: String(NOW_MS), limit: '50' };
    clock.advance(1_000);
    const path = '/v5/asset/transfer/query-universal-transfer-list';
    const { json } = await askBybit(simulator, path, range, { timestampMs: clock.now() });
    const recent = gifts('main').filter(({ timestampMs }) => timestampMs >= NOW_MS - 7 * DAY_MS);
    const listedIds = json.result.list.map((row: { transferId: string }) => row.transferId);
    expect(listedIds).to.have.members(recent.map(({ id }) => id));
    const uid = accountOf(simulator, 'bybit').identity.uid;
    for (const row of json.result.list) expect([row.fromMemberId, row.toMemberId]).to.include(uid);
  });

  it('has orders that came and went, which the exchange forgets', async () => {
    simulator = await startPast('bybit', { fills: 150 }, { days: 30, clock });
    const { endedOrders } = truthOf('bybit');
    const canceled = endedOrders.filter(
      ({ status, filled }) => status === 'canceled' && isZero(filled ?? '1'),
    );
    expect(canceled.length).to.be.greaterThan(5);
    const asked = async (endTime: number) => {
      clock.advance(1_000);
      const query = {
        category: 'linear',
        startTime: String(endTime - 7 * DAY_MS),
        endTime: String(endTime),
        limit: '50',
      };
      const { json } = await askBybit(simulator, '/v5/order/history', query, { timestampMs: clock.now() });
      return json.result.list.map((row: { orderId: string }) => row.orderId);
    };
    const served = [...(await asked(NOW_MS)), ...(await asked(NOW_MS - 7 * DAY_MS))];
    const old = canceled
      .filter(({ updatedAtMs }) => updatedAtMs < NOW_MS - DAY_MS)
      .map(({ orderId }) => orderId);
    expect(served.length).to.be.greaterThan(0);
    expect(served.filter((id) => old.includes(id))).to.deep.equal([]);
  });

  it('has contracts that expired: closed by the exchange, and listed no more', async () => {
    const expiryMs = Math.floor(NOW_MS / DAY_MS) * DAY_MS - 10 * DAY_MS + DAY_MS / 3;
    const history = { fills: 20, plain: true };
    const names = ['bybit', 'binance', 'okx'] as const;
    simulator = await startSimulator({
      seed: 'expired',
      clock,
      historyMs: 40 * DAY_MS,
      plan: (listedMs) => ({
        accounts: names.map((exchange) => ({ exchange, account: 'main', holdings: [], history })),
        markets: [
          ...okxMarkets(listedMs),
          bybitDated('BTC', expiryMs),
          binanceDated('BTC', expiryMs),
          okxDated('BTC', expiryMs),
        ],
      }),
    });
    for (const exchange of names) {
      const fills = [...simulator.history(exchange, 'main').fills()];
      const settled = fills.filter(({ kind }) => kind === 'settlement');
      expect(
        settled.map(({ timestampMs }) => timestampMs),
        exchange,
      ).to.deep.equal([expiryMs]);
      expect(simulator.world.listedMarkets(exchange).some((market) => market.expiryMs === expiryMs)).to.equal(
        false,
      );
      const symbols = truthOf(exchange).positions.map(({ symbol }) => symbol);
      expect(symbols).not.to.include(settled[0]?.symbol);
      expectExplained(exchange, 'main');
    }
    clock.advance(1_000);
    const query = { category: 'linear', startTime: String(expiryMs), endTime: String(expiryMs) };
    const { json } = await askBybit(simulator, '/v5/execution/list', query, { timestampMs: clock.now() });
    expect(json.result.list.map((row: { execType: string }) => row.execType)).to.deep.equal(['Delivery']);
  });

  it('tells the interest also in a list of its own', async () => {
    simulator = await startPast('bybit', { fills: 200 }, { days: 25, clock });
    clock.advance(1_000);
    const { json } = await askBybit(
      simulator,
      '/v5/account/borrow-history',
      {},
      { timestampMs: clock.now() },
    );
    const paid = ledgerOf('bybit').filter(({ event }) => event === 'interest');
    expect(paid.length).to.be.greaterThan(3);
    const told = json.result.list.map((row: { borrowCost: string }) => row.borrowCost);
    expect(sum([...told, ...paid.map(({ change }) => change)])).to.equal('0');
  });

  it('keeps the order of time in every list', async () => {
    simulator = await startPast('bybit', { fills: 300 }, { days: 30, clock });
    const { history } = accountOf(simulator, 'bybit');
    for (const list of [history.statement('UNIFIED'), history.statement('FUND'), history.fills('spot')]) {
      const rows = listed<{ id: string; timestampMs: number; seq: number }>(list);
      const sorted = rows.toSorted(
        (left, right) => left.timestampMs - right.timestampMs || left.seq - right.seq,
      );
      expect(rows.map(({ id }) => id)).to.deep.equal(sorted.map(({ id }) => id));
      expect(new Set(rows.map(({ id }) => id)).size).to.equal(rows.length);
    }
  });
});
