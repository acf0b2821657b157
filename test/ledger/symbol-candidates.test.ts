import { expect } from 'chai';
import {
  candidateSymbols,
  changedSince,
  type DueOptions,
  dueSymbols,
  type MarketSymbol,
  mainQuotes,
  type SymbolState,
} from '#src/ledger/symbol-candidates.js';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 10);

function spot(symbol: string): MarketSymbol {
  const [base = '', quote = ''] = symbol.split('/');
  return { symbol, base, quote };
}

const MARKETS = [
  ...['BTC', 'ETH', 'XRP', 'SOL', 'DOT', 'ADA', 'LTC', 'BNB'].map((base) => spot(`${base}/USDT`)),
  ...['ETH', 'XRP', 'SOL'].map((base) => spot(`${base}/BTC`)),
  ...Array.from({ length: 30 }, (_, index) => spot(`C${index}/USDT`)),
  spot('BTC/XYZ'),
  { ...spot('ETH/USDT:USDT'), base: 'ETH', quote: 'USDT', settle: 'USDT' },
];

const none = new Map<string, string>();
const candidates = (assets: Record<string, string>, symbols: ReadonlyMap<string, string> = none) =>
  Object.fromEntries(candidateSymbols(MARKETS, { assets: new Map(Object.entries(assets)), symbols }));

describe('which symbols can hold fills', () => {
  it('is what pairs a seen asset with another one or with a main quote currency', () => {
    expect([...mainQuotes(MARKETS)]).to.deep.equal(['USDT', 'BTC']);
    expect(candidates({ ETH: 'balance of ETH' })).to.deep.equal({
      'ETH/USDT': 'balance of ETH',
      'ETH/BTC': 'balance of ETH',
    });
    expect(candidates({ BTC: 'transfer of BTC' })).to.deep.equal({ 'BTC/USDT': 'transfer of BTC' });
    expect(candidates({ BTC: 'transfer of BTC', XYZ: 'balance of XYZ' })).to.have.keys([
      'BTC/USDT',
      'BTC/XYZ',
    ]);
  });

  it('is never everything: a quote currency alone, of which there is always some, speaks for no market', () => {
    expect(candidates({ USDT: 'balance of USDT' })).to.deep.equal({});
  });

  it('is what has an order, a position or a row, and of contracts nothing else', () => {
    const symbols = new Map([
      ['ETH/USDT:USDT', 'position'],
      ['BTC/XYZ', 'order'],
      ['GONE/USDT', 'order'],
    ]);
    expect(candidates({}, symbols)).to.deep.equal({ 'ETH/USDT:USDT': 'position', 'BTC/XYZ': 'order' });
  });
});

describe('which symbols are read now', () => {
  const options = (changed: Record<string, number>, limit = 10): DueOptions => ({
    changedAtMs: new Map(Object.entries(changed)),
    nowMs: NOW,
    limit,
  });
  const read = (symbol: string, hoursAgo: number | undefined, hasOrders = false): SymbolState => ({
    ...spot(symbol),
    readToMs: hoursAgo === undefined ? undefined : NOW - hoursAgo * HOUR,
    hasOrders,
  });

  it('are those of which a currency changed since they were read, both before one', () => {
    const symbols = ['ADA/USDT', 'DOT/USDT', 'ETH/BTC', 'SOL/BTC'].map((symbol) => read(symbol, 1));
    const changed = { USDT: NOW, DOT: NOW, ADA: NOW - 2 * HOUR, ETH: NOW };
    expect(dueSymbols(symbols, options(changed))).to.deep.equal(['DOT/USDT', 'ETH/BTC', 'ADA/USDT']);
    expect(dueSymbols(symbols, options({}))).to.deep.equal([]);
  });

  it('are those that were never read, have orders, or were not read for a day', () => {
    const symbols = [
      read('ADA/USDT', 25),
      read('DOT/USDT', 1, true),
      read('SOL/USDT', undefined),
      read('XRP/USDT', 23),
    ];
    expect(dueSymbols(symbols, options({}))).to.deep.equal(['SOL/USDT', 'DOT/USDT', 'ADA/USDT']);
  });

  it('are not more than the limit of those that may have nothing new; the oldest first, so that each has its turn', () => {
    const symbols = Array.from({ length: 100 }, (_, index) => read(`C${index}/USDT`, 1 + index / 10));
    const due = dueSymbols([...symbols, read('BTC/USDT', 1)], options({ USDT: NOW, BTC: NOW }, 10));
    expect(due).to.have.length(11);
    expect(due[0]).to.equal('BTC/USDT');
    expect(due.slice(1)).to.deep.equal(Array.from({ length: 10 }, (_, index) => `C${99 - index}/USDT`));
  });

  it('take what changed within a minute of the reading for changed: clocks differ', () => {
    expect(changedSince(NOW - 59_000, NOW)).to.equal(true);
    expect(changedSince(NOW - 61_000, NOW)).to.equal(false);
    expect(changedSince(undefined, NOW)).to.equal(false);
  });
});
