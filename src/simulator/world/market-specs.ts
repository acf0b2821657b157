import type { DecimalString } from '../../domain/decimal-string.js';
import type { MarketSpec, Trading } from './market.js';

/*
 * Market definitions by the naming rules of the exchanges (bybit: docs v5 "Instruments Info"; binance: the
 * three exchangeInfo endpoints). One row per market: base, quote, tick size, quantity step.
 */

type SpotRow = readonly [
  base: string,
  quote: string,
  tick: DecimalString,
  step: DecimalString,
  trading?: Trading,
];
type ContractRow = readonly [base: string, quote: string, tick: DecimalString, step: DecimalString];

const BYBIT_SPOT: readonly SpotRow[] = [
  ['BTC', 'USDT', '0.1', '0.000001'],
  ['BTC', 'USDC', '0.1', '0.000001'],
  ['BTC', 'EUR', '0.1', '0.000001'],
  ['ETH', 'USDT', '0.01', '0.00001'],
  ['ETH', 'USDC', '0.01', '0.00001'],
  ['ETH', 'BTC', '0.000001', '0.001'],
  ['ETH', 'TRY', '1', '0.00001', 'one-sided'],
  ['SOL', 'USDT', '0.01', '0.001'],
  ['XRP', 'USDT', '0.0001', '0.01'],
  ['DOGE', 'USDT', '0.00001', '0.1'],
  ['LTC', 'USDT', '0.01', '0.001'],
  ['MNT', 'USDT', '0.0001', '0.01'],
  ['ADA', 'USDT', '0.0001', '0.1'],
  ['LINK', 'USDT', '0.001', '0.001'],
  ['ARB', 'USDT', '0.0001', '0.1'],
  ['PEPE', 'USDT', '0.00000001', '1'],
  ['USDC', 'USDT', '0.0001', '0.01'],
  ['USDT', 'EUR', '0.0001', '0.01'],
  ['USDT', 'BRL', '0.0001', '0.01'],
  ['WBTC', 'BTC', '0.0001', '0.00001'],
  ['CMETH', 'ETH', '0.0001', '0.0001'],
  ['NEWT', 'USDT', '0.0001', '0.1', 'untraded'],
  ['STALL', 'USDT', '0.0001', '0.1', 'empty'],
];

const BINANCE_SPOT: readonly SpotRow[] = [
  ['BTC', 'USDT', '0.01', '0.00001'],
  ['BTC', 'USDC', '0.01', '0.00001'],
  ['BTC', 'EUR', '0.01', '0.00001'],
  ['ETH', 'USDT', '0.01', '0.0001'],
  ['ETH', 'BTC', '0.00001', '0.001'],
  ['BNB', 'USDT', '0.01', '0.001'],
  ['BNB', 'BTC', '0.000001', '0.01'],
  ['SOL', 'USDT', '0.01', '0.001'],
  ['XRP', 'USDT', '0.0001', '0.1'],
  ['DOGE', 'USDT', '0.00001', '1'],
  ['LTC', 'BTC', '0.000001', '0.01'],
  ['ADA', 'USDT', '0.0001', '0.1'],
  ['TRX', 'USDT', '0.0001', '0.1'],
  ['PEPE', 'USDT', '0.00000001', '1'],
  ['USDC', 'USDT', '0.0001', '1'],
  ['EUR', 'USDT', '0.0001', '0.1'],
  ['USDT', 'TRY', '0.01', '1'],
  ['USDT', 'BRL', '0.001', '0.1'],
  ['WBETH', 'ETH', '0.0001', '0.0001'],
  ['NEWT', 'USDT', '0.0001', '0.1', 'untraded'],
  ['STALL', 'USDT', '0.0001', '0.1', 'empty'],
];

const BYBIT_LINEAR: readonly ContractRow[] = [
  ['BTC', 'USDT', '0.1', '0.001'],
  ['ETH', 'USDT', '0.01', '0.01'],
  ['SOL', 'USDT', '0.01', '0.1'],
  ['XRP', 'USDT', '0.0001', '0.1'],
  ['DOGE', 'USDT', '0.00001', '1'],
  ['LTC', 'USDT', '0.01', '0.1'],
  ['LINK', 'USDT', '0.001', '0.1'],
  ['ARB', 'USDT', '0.0001', '0.1'],
  ['BTC', 'USDC', '0.1', '0.001'],
  ['ETH', 'USDC', '0.01', '0.01'],
];

const BINANCE_LINEAR: readonly ContractRow[] = [
  ['BTC', 'USDT', '0.1', '0.001'],
  ['ETH', 'USDT', '0.01', '0.001'],
  ['SOL', 'USDT', '0.01', '0.01'],
  ['XRP', 'USDT', '0.0001', '0.1'],
  ['DOGE', 'USDT', '0.00001', '1'],
  ['BNB', 'USDT', '0.01', '0.01'],
  ['BTC', 'USDC', '0.1', '0.001'],
];

/** Base, tick size, USD per contract at bybit and at binance. */
const INVERSE: readonly (readonly [base: string, tick: DecimalString, binanceSize: DecimalString])[] = [
  ['BTC', '0.1', '100'],
  ['ETH', '0.01', '10'],
  ['XRP', '0.0001', '10'],
];

const DAY_MS = 24 * 60 * 60_000;

/** 08:00 UTC, when all exchanges settle, about four months after the world's start. */
export function expiryAfter(startMs: number): number {
  return Math.floor(startMs / DAY_MS) * DAY_MS + 120 * DAY_MS + 8 * 60 * 60_000;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** `27MAR26`, as bybit names dated contracts. */
function bybitDate(timestampMs: number): string {
  const date = new Date(timestampMs);
  return `${date.getUTCDate()}${MONTHS[date.getUTCMonth()]}${String(date.getUTCFullYear()).slice(2)}`;
}

/** `260327`, as ccxt and binance write it. */
export function shortDate(timestampMs: number): string {
  return new Date(timestampMs).toISOString().slice(2, 10).replaceAll('-', '');
}

export const PERPETUAL = {
  contractSize: '1',
  maxLeverage: '100',
  expiryMs: undefined,
  option: undefined,
  trading: 'active',
} as const;

function spot(exchange: string, [base, quote, tickSize, qtyStep, trading = 'active']: SpotRow): MarketSpec {
  const names = { id: base + quote, symbol: `${base}/${quote}`, base, quote, settle: undefined };
  return { ...PERPETUAL, exchange, kind: 'spot', ...names, tickSize, qtyStep, trading, maxLeverage: '1' };
}

function linear(exchange: string, [base, quote, tickSize, qtyStep]: ContractRow): MarketSpec {
  const id = exchange === 'bybit' && quote === 'USDC' ? `${base}PERP` : base + quote;
  const names = { id, symbol: `${base}/${quote}:${quote}`, base, quote, settle: quote };
  return { ...PERPETUAL, exchange, kind: 'linear', ...names, tickSize, qtyStep };
}

function inverse(exchange: string, base: string, tickSize: DecimalString, size: DecimalString): MarketSpec {
  const id = exchange === 'bybit' ? `${base}USD` : `${base}USD_PERP`;
  const names = { id, symbol: `${base}/USD:${base}`, base, quote: 'USD', settle: base };
  return { ...PERPETUAL, exchange, kind: 'inverse', ...names, tickSize, qtyStep: '1', contractSize: size };
}

function bybitOption(
  base: string,
  strike: DecimalString,
  type: 'call' | 'put',
  expiryMs: number,
): MarketSpec {
  const letter = type === 'call' ? 'C' : 'P';
  const names = {
    id: `${base}-${bybitDate(expiryMs)}-${strike}-${letter}`,
    symbol: `${base}/USDC:USDC-${shortDate(expiryMs)}-${strike}-${letter}`,
    base,
    quote: 'USDC',
    settle: 'USDC',
  };
  const terms = { tickSize: '5', qtyStep: '0.01', option: { strike, type }, expiryMs };
  return { ...PERPETUAL, exchange: 'bybit', kind: 'option', ...names, ...terms, maxLeverage: '1' };
}

/** A futures contract of bybit that is settled in USDC at `expiryMs`. */
export function bybitDated(base: string, expiryMs: number): MarketSpec {
  const perpetual = linear('bybit', [base, 'USDC', '0.5', '0.001']);
  const names = {
    id: `${base}-${bybitDate(expiryMs)}`,
    symbol: `${perpetual.symbol}-${shortDate(expiryMs)}`,
  };
  return { ...perpetual, ...names, expiryMs };
}

/** A futures contract of binance that is settled in USDT at `expiryMs`. */
export function binanceDated(base: string, expiryMs: number): MarketSpec {
  const perpetual = linear('binance', [base, 'USDT', '0.1', '0.001']);
  const suffix = shortDate(expiryMs);
  return { ...perpetual, id: `${perpetual.id}_${suffix}`, symbol: `${perpetual.symbol}-${suffix}`, expiryMs };
}

/** The markets of both exchanges, as they stand when the world begins. */
export function standardMarkets(startMs: number): readonly MarketSpec[] {
  const expiryMs = expiryAfter(startMs);
  return [
    ...BYBIT_SPOT.map((row) => spot('bybit', row)),
    ...BYBIT_LINEAR.map((row) => linear('bybit', row)),
    bybitDated('BTC', expiryMs),
    ...INVERSE.map(([base, tick]) => inverse('bybit', base, tick, '1')),
    bybitOption('BTC', '70000', 'call', expiryMs),
    bybitOption('BTC', '60000', 'put', expiryMs),
    bybitOption('ETH', '4000', 'call', expiryMs),
    ...BINANCE_SPOT.map((row) => spot('binance', row)),
    ...BINANCE_LINEAR.map((row) => linear('binance', row)),
    binanceDated('BTC', expiryMs),
    ...INVERSE.map(([base, tick, size]) => inverse('binance', base, tick, size)),
  ];
}

/** `count` more assets with a spot market against USDT each, named so that none collides with a real one. */
export function widerSpotMarkets(exchange: string, count: number): readonly MarketSpec[] {
  return Array.from({ length: count }, (_, index) =>
    spot(exchange, [widerAsset(index), 'USDT', '0.0001', '0.1']),
  );
}

/** `count` more USDT perpetuals: enough of them make bybit's instrument list longer than one page. */
export function widerLinearMarkets(exchange: string, count: number): readonly MarketSpec[] {
  return Array.from({ length: count }, (_, index) =>
    linear(exchange, [widerAsset(index), 'USDT', '0.0001', '0.1']),
  );
}

export function widerAsset(index: number): string {
  return `ZZ${String(index).padStart(4, '0')}`;
}
