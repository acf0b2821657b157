import { expect } from 'chai';
import type { Clock } from '#src/domain/clock.js';
import { isZero, subtract, sum } from '#src/ledger/decimal.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { Truth } from '#src/simulator/truth.js';

/** A clock that stands still, so that two worlds differ by their seeds only. */
const STILL: Clock = { now: () => 1_780_000_000_000, sleep: async () => undefined };

describe('the simulated world', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: 'world', clock: STILL });
  });

  afterEach(() => simulator.stop());

  it('holds in every wallet what the journal says flowed into it', () => {
    advance(simulator, 5);
    const { accounts, journal } = simulator.world;
    let checked = 0;
    for (const account of accounts) {
      for (const wallet of account.wallets()) {
        for (const asset of account.assets(wallet)) {
          const legs = journal.events().flatMap((event) => event.legs);
          const flowed = legs
            .filter((leg) => leg.book === account.book(wallet) && leg.asset === asset)
            .map((leg) => leg.amount);
          expect(subtract(account.balance(wallet, asset), sum(flowed)), `${wallet} ${asset}`).to.equal('0');
          checked += 1;
        }
      }
    }
    expect(checked).to.be.greaterThan(40);
  });

  it('creates and destroys nothing: every asset sums to zero over all books', () => {
    advance(simulator, 5);
    const legs = simulator.world.journal.events().flatMap((event) => event.legs);
    for (const asset of new Set(legs.map((leg) => leg.asset))) {
      const amounts = legs.filter((leg) => leg.asset === asset).map((leg) => leg.amount);
      expect(sum(amounts), asset).to.equal('0');
    }
  });

  it('refuses an event that does not add up', () => {
    const post = () =>
      simulator.world.journal.post({
        timestampMs: 0,
        kind: 'trade',
        reference: {},
        legs: [{ book: 'bybit/main/UNIFIED', asset: 'BTC', amount: '1' }],
      });
    expect(post).to.throw('out of balance by 1');
  });

  it('explains what an account holds by its fills, fees and transfers', () => {
    const before = total(simulator.truth(), 'binance', 'main', 'MAIN', 'USDT');
    const known = simulator.world.journal.events().length;
    advance(simulator, 3);
    const flows = simulator.world.journal
      .events()
      .slice(known)
      .flatMap((event) => event.legs)
      .filter((leg) => leg.book === 'binance/main/MAIN' && leg.asset === 'USDT')
      .map((leg) => leg.amount);
    expect(flows).to.have.length.greaterThan(2);
    expect(total(simulator.truth(), 'binance', 'main', 'MAIN', 'USDT')).to.equal(sum([before, ...flows]));
  });

  it('is the same world for the same seed and another one for another', async () => {
    const twin = await startSimulator({ seed: 'world', clock: STILL });
    const other = await startSimulator({ seed: 'another', clock: STILL });
    for (const one of [simulator, twin, other]) advance(one, 3);
    expect(twin.truth()).to.deep.equal(simulator.truth());
    expect(other.truth().exchanges.bybit?.prices).to.not.deep.equal(
      simulator.truth().exchanges.bybit?.prices,
    );
    await Promise.all([twin.stop(), other.stop()]);
  });

  it('moves prices and does a little of everything in one step', () => {
    const before = simulator.truth();
    simulator.world.advance();
    const after = simulator.truth();
    const [old, now] = [before, after].map((truth) => truth.exchanges.bybit?.accounts.main);
    expect(after.exchanges.bybit?.prices).to.not.deep.equal(before.exchanges.bybit?.prices);
    const ended = now?.endedOrders.slice(0, 8).map((order) => order.status);
    expect(ended).to.include.members(['closed', 'canceled']);
    expect(now?.positions.map((one) => one.symbol)).to.not.deep.equal(
      old?.positions.map((one) => one.symbol),
    );
    expect(total(after, 'bybit', 'main', 'UNIFIED', 'XRP')).to.equal('0');
    expect(total(after, 'bybit', 'main', 'FUND', 'USDT')).to.not.equal(
      total(before, 'bybit', 'main', 'FUND', 'USDT'),
    );
  });

  it('pays funding for what it holds, and receives it for what it is short', () => {
    const known = simulator.world.journal.events().length;
    simulator.world.advance();
    const paid = simulator.world.journal
      .events()
      .slice(known)
      .filter((event) => event.kind === 'funding');
    expect(paid).to.have.length(3);
    for (const { legs, reference } of paid) {
      const leg = legs.find(({ book }) => !book.startsWith('@'));
      const [exchange, account] = leg?.book.split('/') ?? [];
      const position = simulator
        .truth()
        .exchanges[exchange ?? '']?.accounts[account ?? '']?.positions.find(
          ({ symbol }) => symbol === reference.symbol,
        );
      expect(leg?.amount.startsWith('-'), leg?.book).to.equal(position?.side === 'long');
    }
  });

  it('owns less than the wallet holds where it borrowed, and less than nothing in debt', () => {
    const truth = simulator.truth();
    expect(total(truth, 'bybit', 'main', 'UNIFIED', 'SOL')).to.equal('-12.5');
    expect(total(truth, 'bybit', 'sub1', 'UNIFIED', 'USDT')).to.match(/^-/);
  });

  it('prices by mid where nobody traded, and not at all where there is no order either', () => {
    const prices = simulator.truth().exchanges.bybit?.prices ?? [];
    expect(prices.find(({ base }) => base === 'NEWT')?.source).to.equal('mid');
    expect(prices.find(({ base }) => base === 'BTC')?.source).to.equal('last');
    expect(prices.find(({ base }) => base === 'STALL')).to.equal(undefined);
    expect(prices.every(({ price }) => !isZero(price))).to.equal(true);
  });
});

function advance(simulator: Simulator, steps: number): void {
  for (let step = 0; step < steps; step += 1) simulator.world.advance();
}

function total(truth: Truth, exchange: string, account: string, wallet: string, asset: string): string {
  const balances = truth.exchanges[exchange]?.accounts[account]?.balances ?? [];
  const found = balances.find((one) => one.wallet === wallet && one.currency === asset);
  if (found === undefined) throw new Error(`the truth has no ${asset} in ${wallet}`);
  return found.total;
}
