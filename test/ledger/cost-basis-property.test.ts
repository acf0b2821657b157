import { expect } from 'chai';
import fc from 'fast-check';
import { COST_BASIS_METHODS } from '#src/domain/cost-basis-method.js';
import { CostBasisFold, type CostBasisOptions } from '#src/ledger/cost-basis.js';
import { costOf, isKnown, quantityOf } from '#src/ledger/cost-basis-lots.js';
import type { CostBasisState, HoldingState } from '#src/ledger/cost-basis-state.js';
import { add, compare, negate, subtract } from '#src/ledger/decimal.js';
import {
  AS_THE_LEDGER,
  costOf as exactCost,
  NOT_AT_ALL,
  ReferenceBasis,
  quantityOf as units,
} from './cost-basis-reference.js';
import { QUOTE, type RandomHistory, randomHistory } from './random-basis-history.js';
import { equal, type Rational, rational } from './rational.js';

const RUNS = Number(process.env.COST_BASIS_HISTORIES ?? 10_000);
const ENDLESS_RUNS = Math.ceil(RUNS / 20);

const anyHistory = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  length: fc.integer({ min: 1, max: 40 }),
  method: fc.constantFrom(...COST_BASIS_METHODS),
});

function optionsOf({ priceAt }: RandomHistory, method: CostBasisOptions['method']): CostBasisOptions {
  return { method, quoteCurrency: QUOTE, priceAt };
}

function folded(history: RandomHistory, options: CostBasisOptions): CostBasisState {
  const fold = new CostBasisFold(options);
  for (const event of history.events) fold.apply(event);
  return fold.state();
}

function holdingsOf({ holdings }: CostBasisState): readonly (readonly [string, HoldingState])[] {
  return Object.entries(holdings).flatMap(([account, assets]) =>
    Object.entries(assets).map(([asset, holding]) => [`${account} ${asset}`, holding] as const),
  );
}

describe('the cost basis of random histories', function () {
  this.timeout(300_000);

  it(`equals the slow reference to the last digit, ${RUNS} times`, () => {
    fc.assert(
      fc.property(anyHistory, ({ seed, length, method }) => {
        const history = randomHistory(seed, length);
        const options = optionsOf(history, method);
        const reference = new ReferenceBasis(options, AS_THE_LEDGER);
        for (const event of history.events) reference.apply(event);
        for (const [key, holding] of holdingsOf(folded(history, options))) {
          const book = reference.books.get(key);
          if (book === undefined) throw new Error(`the reference has no ${key}`);
          const known = book.units.filter(({ cost }) => cost !== undefined);
          expectEqual(quantityOf(holding.lots.filter(isKnown)), units(known), `known ${key}`);
          expectEqual(quantityOf(holding.lots), units(book.units), `quantity ${key}`);
          expectEqual(costOf(holding.lots), exactCost(known), `cost ${key}`);
          expectEqual(holding.realized, book.realized, `realized ${key}`);
          expectEqual(holding.unknownResult, book.unknownResult, `unknown result ${key}`);
        }
      }),
      { numRuns: RUNS },
    );
  });

  it(`is at most rounding away from endless digits, ${ENDLESS_RUNS} times`, () => {
    fc.assert(
      fc.property(anyHistory, ({ seed, length, method }) => {
        const history = randomHistory(seed, length);
        const options = optionsOf(history, method);
        const reference = new ReferenceBasis(options, NOT_AT_ALL);
        for (const event of history.events) reference.apply(event);
        const state = folded(history, options);
        const largest = largestOf(state);
        for (const [key, holding] of holdingsOf(state)) {
          const book = reference.books.get(key);
          if (book === undefined) throw new Error(`the reference has no ${key}`);
          expectNear(holding.realized, book.realized, largest, `realized ${key}`);
          expectNear(costOf(holding.lots), exactCost(book.units), largest, `cost ${key}`);
        }
      }),
      { numRuns: ENDLESS_RUNS },
    );
  });

  it('is the same state whether it was folded at once or stored and read in between', () => {
    fc.assert(
      fc.property(anyHistory, fc.nat(40), ({ seed, length, method }, at) => {
        const history = randomHistory(seed, length);
        const options = optionsOf(history, method);
        const first = new CostBasisFold(options);
        for (const event of history.events.slice(0, at)) first.apply(event);
        const stored = JSON.parse(JSON.stringify(first.state())) as CostBasisState;
        const second = new CostBasisFold(options, stored);
        for (const event of history.events.slice(at)) second.apply(event);
        expect(JSON.stringify(second.state())).to.equal(JSON.stringify(folded(history, options)));
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  });

  it('explains every unit of accounts whose opening is known: opening and flows are known and unknown units', () => {
    fc.assert(
      fc.property(anyHistory, ({ seed, length, method }) => {
        const history = randomHistory(seed, length);
        const flows = flowsOf(history);
        for (const [key, holding] of holdingsOf(folded(history, optionsOf(history, method)))) {
          if (!holding.anchored || key.endsWith(QUOTE)) continue;
          expect(compare(quantityOf(holding.lots), flows.get(key) ?? '0'), key).to.equal(0);
        }
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  });

  it('loses no money: what was realised and what is left cost what was put in', () => {
    fc.assert(
      fc.property(anyHistory, ({ seed, length, method }) => {
        const history = withoutUnknowns(randomHistory(seed, length));
        const state = folded(history, optionsOf(history, method));
        const flows = flowsOf(history);
        let difference = '0';
        for (const [key, holding] of holdingsOf(state)) {
          const cost = key.endsWith(QUOTE) ? (flows.get(key) ?? '0') : costOf(holding.lots);
          difference = add(difference, subtract(cost, holding.realized));
        }
        expect(difference).to.equal('0');
      }),
      { numRuns: Math.ceil(RUNS / 10) },
    );
  });
});

/** Nothing but trades and income of accounts that began with nothing, all of it with prices. */
function withoutUnknowns({ events, priceAt }: RandomHistory): RandomHistory {
  const accounts = [
    ...new Map(
      events.map(({ exchange, account }) => [`${exchange}/${account}`, { exchange, account }]),
    ).values(),
  ];
  const openings = accounts.flatMap((account) =>
    ['BTC', 'ETH', 'BNB', 'TRY', QUOTE].map((asset) => ({
      ...account,
      type: 'opening' as const,
      asset,
      quantity: '0',
      reason: '',
      atMs: 0,
    })),
  );
  const rest = events.filter(({ type }) => type === 'trade' || type === 'income');
  return {
    events: [...openings, ...rest],
    priceAt: (...asked) => {
      const found = priceAt(...asked);
      return 'price' in found ? found : { price: '3' };
    },
  };
}

/** What each holding must be: the last opening and everything that moved since. */
function flowsOf({ events }: RandomHistory): ReadonlyMap<string, string> {
  const flows = new Map<string, string>();
  for (const event of events) {
    const move = (asset: string, amount: string) => {
      const key = `${event.exchange}/${event.account} ${asset}`;
      flows.set(key, add(flows.get(key) ?? '0', amount));
    };
    if (event.type === 'opening')
      flows.set(`${event.exchange}/${event.account} ${event.asset}`, event.quantity);
    if (event.type === 'income') move(event.asset, event.amount);
    if (event.type === 'transfer') move(event.asset, event.change);
    if (event.type !== 'trade') continue;
    const bought = event.side === 'buy';
    move(event.base, bought ? event.amount : negate(event.amount));
    move(event.quote, bought ? negate(event.cost) : event.cost);
    if (event.fee !== undefined) move(event.fee.asset, negate(event.fee.amount));
  }
  return flows;
}

function expectEqual(actual: string, expected: Rational, what: string): void {
  if (equal(rational(actual), expected)) return;
  expect.fail(`${what}: ${actual}, but the reference has ${expected.numerator}/${expected.denominator}`);
}

/** To a billionth of the largest amount of the history: the shares of units that leave are rounded. */
function expectNear(actual: string, expected: Rational, largest: bigint, what: string): void {
  const exact = rational(actual);
  const difference = exact.numerator * expected.denominator - expected.numerator * exact.denominator;
  const size = difference < 0n ? -difference : difference;
  if (size * 10n ** 9n <= largest * exact.denominator * expected.denominator) return;
  expect.fail(`${what}: ${actual} is not what it would be with endless digits`);
}

function largestOf(state: CostBasisState): bigint {
  const sizes = holdingsOf(state).flatMap(([, { lots, realized }]) =>
    [costOf(lots), realized].map((amount) => BigInt(amount.replace('-', '').split('.')[0] ?? '0')),
  );
  return sizes.reduce((left, right) => (left > right ? left : right), 1n);
}
