import type { DecimalString } from '../../domain/decimal-string.js';
import type { MarketSpec, Trading } from './market.js';
import { expiryAfter, PERPETUAL, shortDate } from './market-specs.js';

/*
 * okx's markets by its naming rules (docs: "Get instruments"): `BTC-USDT`, `BTC-USDT-SWAP`, `BTC-USD-260327`,
 * `BTC-USD-260327-70000-C`. Contracts are a fraction of a coin, or dollars, and counted as such.
 */

type SpotRow = readonly [
  base: string,
  quote: string,
  tick: DecimalString,
  lot: DecimalString,
  trading?: Trading,
];
/** `lot` is in contracts, and may be less than one. */
type ContractRow = readonly [
  base: string,
  quote: string,
  tick: DecimalString,
  lot: DecimalString,
  contract: DecimalString,
];

const SPOT: readonly SpotRow[] = [
  ['BTC', 'USDT', '0.1', '0.00000001'],
  ['BTC', 'USDC', '0.1', '0.00000001'],
  ['BTC', 'EUR', '0.1', '0.00000001'],
  ['ETH', 'USDT', '0.01', '0.000001'],
  ['ETH', 'BTC', '0.00001', '0.000001'],
  ['SOL', 'USDT', '0.01', '0.000001'],
  ['XRP', 'USDT', '0.0001', '0.000001'],
  ['DOGE', 'USDT', '0.00001', '0.000001'],
  ['LTC', 'USDT', '0.01', '0.000001'],
  ['ADA', 'USDT', '0.0001', '0.00001'],
  ['LINK', 'USDT', '0.001', '0.000001'],
  ['PEPE', 'USDT', '0.00000001', '1'],
  ['USDC', 'USDT', '0.0001', '0.000001'],
  ['EUR', 'USDT', '0.0001', '0.01'],
  ['NEWT', 'USDT', '0.0001', '0.1', 'untraded'],
  ['STALL', 'USDT', '0.0001', '0.1', 'empty'],
];

const LINEAR: readonly ContractRow[] = [
  ['BTC', 'USDT', '0.1', '0.01', '0.01'],
  ['ETH', 'USDT', '0.01', '0.01', '0.1'],
  ['SOL', 'USDT', '0.01', '0.01', '1'],
  ['XRP', 'USDT', '0.0001', '0.01', '100'],
  ['DOGE', 'USDT', '0.00001', '0.01', '1000'],
  ['LTC', 'USDT', '0.01', '0.1', '1'],
  ['BTC', 'USDC', '0.1', '0.1', '0.0001'],
];

const INVERSE: readonly ContractRow[] = [
  ['BTC', 'USD', '0.1', '0.1', '100'],
  ['ETH', 'USD', '0.01', '0.1', '10'],
];

export function okxMarkets(startMs: number): readonly MarketSpec[] {
  const expiryMs = expiryAfter(startMs);
  return [
    ...SPOT.map(spot),
    ...[...LINEAR, ...INVERSE].map((row) => contract(row)),
    contract(['BTC', 'USDT', '0.1', '0.01', '0.01'], expiryMs),
    contract(['BTC', 'USD', '0.1', '0.1', '100'], expiryMs),
    option('BTC', '70000', 'call', expiryMs),
    option('ETH', '3000', 'put', expiryMs),
  ];
}

function spot([base, quote, tickSize, qtyStep, trading = 'active']: SpotRow): MarketSpec {
  const names = { id: `${base}-${quote}`, symbol: `${base}/${quote}`, base, quote, settle: undefined };
  return {
    ...PERPETUAL,
    exchange: 'okx',
    kind: 'spot',
    ...names,
    tickSize,
    qtyStep,
    trading,
    maxLeverage: '10',
  };
}

/** A futures contract of okx that is settled in USDT at `expiryMs`. */
export function okxDated(base: string, expiryMs: number): MarketSpec {
  return contract([base, 'USDT', '0.1', '0.01', '0.01'], expiryMs);
}

function contract(
  [base, quote, tickSize, qtyStep, contractSize]: ContractRow,
  expiryMs?: number,
): MarketSpec {
  const kind = quote === 'USD' ? 'inverse' : 'linear';
  const settle = kind === 'inverse' ? base : quote;
  const suffix = expiryMs === undefined ? '' : `-${shortDate(expiryMs)}`;
  return {
    ...PERPETUAL,
    exchange: 'okx',
    kind,
    id: `${base}-${quote}${suffix === '' ? '-SWAP' : suffix}`,
    symbol: `${base}/${quote}:${settle}${suffix}`,
    base,
    quote,
    settle,
    tickSize,
    qtyStep,
    contractSize,
    expiryMs,
  };
}

/** Settled and priced in its coin; one contract is a hundredth of it. */
function option(base: string, strike: DecimalString, type: 'call' | 'put', expiryMs: number): MarketSpec {
  const name = `${shortDate(expiryMs)}-${strike}-${type === 'call' ? 'C' : 'P'}`;
  return {
    ...PERPETUAL,
    exchange: 'okx',
    kind: 'option',
    id: `${base}-USD-${name}`,
    symbol: `${base}/USD:${base}-${name}`,
    base,
    quote: 'USD',
    settle: base,
    tickSize: '0.0005',
    qtyStep: '1',
    contractSize: '0.01',
    maxLeverage: '1',
    expiryMs,
    option: { strike, type },
  };
}
