import { expect } from 'chai';
import fc from 'fast-check';
import { type PriceEdge, PriceGraph } from '#src/ledger/price-graph.js';
import { equal, inverse, type Rational, rational, roundHalfEven, times } from './rational.js';

const edge = (market: string, price: string, over: Partial<PriceEdge> = {}): PriceEdge => {
  const [base = '', quote = ''] = market.split('/');
  return { base, quote, price, source: 'last', pricedAtMs: 1_000, stale: false, ...over };
};

describe('PriceGraph', () => {
  const priceOf = (asset: string, ...edges: PriceEdge[]) => new PriceGraph('USDT', edges).priceOf(asset);

  it('prices the quote currency in itself at 1', () => {
    expect(priceOf('USDT')).to.deep.equal({
      price: '1',
      priceSource: 'quote currency',
      pricedAtMs: undefined,
      stale: false,
      edges: [],
    });
  });

  it('takes a direct market, with where and when', () => {
    const market = edge('BTC/USDT', '67000.10', { pricedAtMs: 5 });
    expect(priceOf('BTC', market)).to.deep.equal({
      price: '67000.1',
      priceSource: 'BTC/USDT last',
      pricedAtMs: 5,
      stale: false,
      edges: [market],
    });
  });

  it('turns an inverse market round', () => {
    const found = priceOf('TRY', edge('USDT/TRY', '34.5'));
    expect(found?.price).to.equal('0.02898550724637681159420289855072464');
    expect(found?.priceSource).to.equal('1/(USDT/TRY last)');
  });

  it('prefers the direct market over its inverse', () => {
    expect(priceOf('A', edge('USDT/A', '3'), edge('A/USDT', '2'))?.price).to.equal('2');
  });

  it('crosses markets, exactly, as old as the oldest of them', () => {
    const xyz = edge('XYZ/BTC', '0.000000012', { source: 'mid', pricedAtMs: 30 });
    const btc = edge('BTC/USDT', '67000.10', { pricedAtMs: 20 });
    expect(priceOf('XYZ', btc, xyz)).to.deep.equal({
      price: '0.0008040012',
      priceSource: 'XYZ/BTC mid x BTC/USDT last',
      pricedAtMs: 20,
      stale: false,
      edges: [xyz, btc],
    });
  });

  it('has no age where one of the edges has none', () => {
    const found = priceOf('A', edge('A/B', '1', { pricedAtMs: undefined }), edge('B/USDT', '1'));
    expect(found).to.include({ price: '1', pricedAtMs: undefined });
  });

  it('rounds once over a path with several inverse markets', () => {
    const found = priceOf('A', edge('B/A', '3'), edge('USDT/B', '3'), edge('C/D', '1'));
    expect(found?.price).to.equal(`0.${'1'.repeat(34)}`);
  });

  it('takes fewer markets first, then the more liquid intermediate, then the alphabet', () => {
    const through = (...middles: string[]) =>
      priceOf('A', ...middles.flatMap((middle) => [edge(`A/${middle}`, '2'), edge(`${middle}/USDT`, '3')]))
        ?.edges[0]?.quote;
    expect(through('EUR', 'ETH', 'BTC', 'USDC', 'USD')).to.equal('USDC');
    expect(through('ZZZ', 'ETH', 'AAA')).to.equal('ETH');
    expect(through('ZZZ', 'MMM')).to.equal('MMM');
    const long = [edge('A/BTC', '1'), edge('BTC/USD', '1'), edge('USD/USDT', '1')];
    expect(priceOf('A', ...long, edge('A/ZZZ', '7'), edge('ZZZ/USDT', '1'))?.price).to.equal('7');
    expect(priceOf('A', ...long)?.priceSource).to.equal('A/BTC last x BTC/USD last x USD/USDT last');
  });

  it('does not take a stablecoin to be worth 1', () => {
    const found = priceOf('A', edge('A/USDC', '10'), edge('USDC/USDT', '0.9'));
    expect(found?.price).to.equal('9');
    expect(priceOf('USDC', edge('A/USDC', '10'))).to.equal(undefined);
    expect(priceOf('A', edge('A/USD', '10'))).to.equal(undefined);
  });

  it('leaves what no path leads to unpriced, and goes no further than four markets', () => {
    const chain = [
      edge('D/USDT', '1'),
      edge('C/D', '1'),
      edge('B/C', '1'),
      edge('A/B', '1'),
      edge('Z/A', '1'),
    ];
    expect(priceOf('A', ...chain)?.edges).to.have.length(4);
    expect(priceOf('Z', ...chain)).to.equal(undefined);
    expect(priceOf('NOPE', ...chain)).to.equal(undefined);
  });

  it('uses stale prices only where no fresh path exists, and says so', () => {
    const stale = edge('A/USDT', '5', { stale: true, pricedAtMs: 1 });
    expect(priceOf('A', stale)).to.include({
      price: '5',
      stale: true,
      priceSource: 'A/USDT last (stale)',
      pricedAtMs: 1,
    });
    const fresh = priceOf('A', stale, edge('A/ZZZ', '2'), edge('ZZZ/USDT', '3'));
    expect(fresh).to.include({ price: '6', stale: false });
    expect(priceOf('A', edge('A/B', '2', { stale: true }), edge('B/USDT', '3'))).to.include({
      price: '6',
      stale: true,
      priceSource: 'A/B last (stale) x B/USDT last',
    });
  });

  for (const price of ['0', '0.000', '-1', 'NaN', '', '1e5', '9'.repeat(300)]) {
    it(`takes ${JSON.stringify(price.slice(0, 8))} for no price`, () => {
      expect(priceOf('A', edge('A/USDT', price))).to.equal(undefined);
      expect(priceOf('A', edge('USDT/A', price))).to.equal(undefined);
    });
  }

  it('survives the longest prices that there can be', () => {
    const huge = '9'.repeat(256);
    const tiny = `0.${'0'.repeat(253)}1`;
    for (const price of [huge, tiny]) {
      const chain = ['D/USDT', 'C/D', 'B/C', 'A/B'].map((market) => edge(market, price));
      expect(priceOf('A', ...chain)?.price).to.be.a('string');
      const inverted = ['USDT/D', 'D/C', 'C/B', 'B/A'].map((market) => edge(market, price));
      expect(priceOf('A', ...inverted)?.price).to.be.a('string');
    }
  });

  it('is not confused by names that JavaScript objects have', () => {
    expect(priceOf('__proto__', edge('__proto__/USDT', '2'))?.price).to.equal('2');
    expect(priceOf('constructor')).to.equal(undefined);
  });

  describe('agrees with trying every path', () => {
    const CURRENCIES = ['USDT', 'BTC', 'ETH', 'EUR', 'AAA', 'BBB', 'CCC', 'USDC'];
    const anyEdge = fc.record<PriceEdge>({
      base: fc.constantFrom(...CURRENCIES),
      quote: fc.constantFrom(...CURRENCIES),
      price: fc.constantFrom('0', '0.5', '3', '7', '0.00000012', '67000.10'),
      source: fc.constantFrom('last', 'mid'),
      pricedAtMs: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      stale: fc.boolean(),
    });
    const markets = fc.uniqueArray(anyEdge, {
      maxLength: 14,
      selector: ({ base, quote }) => `${base}/${quote}`,
    });

    it('in price, provenance and age, whatever the order of the edges', () => {
      fc.assert(
        fc.property(markets, fc.constantFrom(...CURRENCIES), (edges, asset) => {
          const expected = bestByTryingAll(edges, asset);
          for (const order of [edges, [...edges].reverse()]) {
            const found = new PriceGraph('USDT', order).priceOf(asset);
            expect(found?.edges).to.deep.equal(expected?.map((hop) => hop.edge));
            if (expected === undefined || found === undefined) continue;
            expect(equal(rational(found.price), exactPrice(expected))).to.equal(true);
            expect(found.stale).to.equal(expected.some((hop) => hop.edge.stale));
            const times = expected.map((hop) => hop.edge.pricedAtMs ?? Number.NaN);
            const oldest = times.length === 0 ? Number.NaN : Math.min(...times);
            expect(found.pricedAtMs ?? Number.NaN).to.deep.equal(oldest);
          }
        }),
        { numRuns: 2_000 },
      );
    });
  });
});

interface Step {
  readonly from: string;
  readonly to: string;
  readonly edge: PriceEdge;
  readonly inverted: boolean;
}

/** Lists every path without a circle, and sorts them by the rules as they are written down. */
function bestByTryingAll(edges: readonly PriceEdge[], asset: string): readonly Step[] | undefined {
  const steps = edges
    .filter((each) => each.price !== '0' && each.base !== each.quote)
    .flatMap((each): Step[] => [
      { from: each.base, to: each.quote, edge: each, inverted: false },
      { from: each.quote, to: each.base, edge: each, inverted: true },
    ]);
  const all: Step[][] = [];
  const walk = (at: string, path: Step[]) => {
    if (at === 'USDT') all.push(path);
    else if (path.length < 4) {
      for (const step of steps) {
        const seen = step.to === asset || path.some(({ to }) => to === step.to);
        if (step.from === at && !seen) walk(step.to, [...path, step]);
      }
    }
  };
  walk(asset, []);
  const liquid = ['USDT', 'USDC', 'USD', 'BTC', 'ETH', 'EUR'];
  const rank = (currency: string) =>
    liquid.includes(currency) ? `0${liquid.indexOf(currency)}` : `1${currency}`;
  const key = (path: Step[]) =>
    [
      path.some((step) => step.edge.stale) ? 'stale' : 'fresh',
      path.length,
      ...path.map(({ to }) => rank(to)),
      ...path.flatMap((step) => [step.edge.stale ? 1 : 0, step.inverted ? 1 : 0]),
    ].join(' ');
  return all.sort((left, right) => (key(left) < key(right) ? -1 : 1))[0];
}

function exactPrice(path: readonly Step[]): Rational {
  const product = path.reduce<Rational>(
    (price, { edge: { price: next }, inverted }) =>
      times(price, inverted ? inverse(rational(next)) : rational(next)),
    rational('1'),
  );
  return path.some(({ inverted }) => inverted) ? roundHalfEven(product, 34) : product;
}
