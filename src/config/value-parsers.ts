import { COST_BASIS_METHODS, type CostBasisMethod } from '../domain/cost-basis-method.js';
import { LOG_LEVELS, type LogLevel } from '../domain/log-level.js';
import { isKnownExchange, unknownExchangeMessage } from './known-exchange.js';
import { accepted, type ParseProblem, type Parser, refused } from './setting-parser.js';
import type { ServerDatabaseSettings } from './settings.js';

const MINUTE_MS = 60_000;
const LONGEST_INTERVAL_MINUTES = 366 * 24 * 60;

/** Lower-cased, trimmed, each once, in the order given. */
export const exchangeList: Parser<readonly string[]> = (raw) => {
  const given = Array.isArray(raw) ? raw : typeof raw === 'string' ? raw.split(',') : undefined;
  if (given === undefined || !given.every((name) => typeof name === 'string')) {
    return refused('is not a list of exchanges; give ccxt ids, e.g. bybit,binance');
  }
  const ids = [...new Set(given.map((name) => name.trim().toLowerCase()).filter((name) => name !== ''))];
  if (ids.length === 0) return refused('names no exchange; give at least one ccxt id, e.g. bybit');
  const problems = ids
    .filter((id) => !isKnownExchange(id))
    .map((id): ParseProblem => ({ message: unknownExchangeMessage(id), code: 'EXCHANGE_UNKNOWN' }));
  return { value: ids.filter(isKnownExchange), problems };
};

/** Minutes, whole or decimal; the value is in milliseconds. */
export const intervalMinutes: Parser<number> = (raw) => {
  const minutes = decimal(raw);
  const intervalMs = Math.round(minutes * MINUTE_MS);
  return intervalMs >= 1 && minutes <= LONGEST_INTERVAL_MINUTES
    ? accepted(intervalMs)
    : refused(
        `is not an interval; give minutes greater than 0 and at most ${LONGEST_INTERVAL_MINUTES}, e.g. 30 or 0.5`,
      );
};

const TRUE_WORDS = new Set(['true', '1', 'yes', 'on']);
const FALSE_WORDS = new Set(['false', '0', 'no', 'off']);

export const flag: Parser<boolean> = (raw) => {
  const word = String(raw).toLowerCase();
  if (TRUE_WORDS.has(word)) return accepted(true);
  if (FALSE_WORDS.has(word)) return accepted(false);
  return refused('is neither true nor false; give true, 1, yes or on, or false, 0, no or off');
};

/** Other programs' words for our levels. */
const LEVEL_ALIASES: Readonly<Record<string, LogLevel>> = { WARN: 'WARNING', FATAL: 'CRITICAL' };

export const logLevel: Parser<LogLevel> = (raw) => {
  const word = String(raw).toUpperCase();
  const level = LOG_LEVELS.find((known) => known === word) ?? LEVEL_ALIASES[word];
  return level === undefined
    ? refused(`is not a log level; give one of ${LOG_LEVELS.join(', ')}`)
    : accepted(level);
};

export const port: Parser<number> = (raw) => {
  const number = /^\d+$/.test(String(raw)) ? Number(raw) : Number.NaN;
  return number >= 1 && number <= 65_535
    ? accepted(number)
    : refused('is not a port; give a whole number from 1 to 65535');
};

export const wholeDays: Parser<number> = (raw) => {
  const days = /^\d+$/.test(String(raw)) ? Number(raw) : Number.NaN;
  return days >= 1 && days <= 36_500
    ? accepted(days)
    : refused('is not a number of days; give a whole number from 1 to 36500');
};

export const costBasisMethod: Parser<CostBasisMethod> = (raw) => {
  const word = String(raw).toLowerCase();
  const method = COST_BASIS_METHODS.find((known) => known === word);
  return method === undefined
    ? refused(`is no way to choose what is sold first; give one of ${COST_BASIS_METHODS.join(', ')}`)
    : accepted(method);
};

export const currency: Parser<string> = (raw) => {
  const code = String(raw).toUpperCase();
  return /^[A-Z0-9]{2,20}$/.test(code)
    ? accepted(code)
    : refused('is not a currency code; give one that the exchange quotes prices in, e.g. USDT');
};

export const text: Parser<string> = (raw) =>
  typeof raw === 'string' && raw !== ''
    ? accepted(raw)
    : refused('is not text; give a value or leave it out');

/** Also the empty one: a server may ask for none. */
export const password: Parser<string> = (raw) =>
  typeof raw === 'string' ? accepted(raw) : refused('is not text');

/** A name that needs no quoting in SQL, so that people can type it. */
export const schemaName: Parser<string> = (raw) => {
  const name = String(raw);
  return /^[a-z_][a-z0-9_]{0,62}$/.test(name) && !name.startsWith('pg_')
    ? accepted(name)
    : refused(
        'is not a schema name; give at most 63 lower-case letters, digits and _, not starting with a digit or pg_',
      );
};

type Tls = ServerDatabaseSettings['tls'];

/** `DB_SSL` and the URL's `sslmode`. */
const TLS_WORDS: Readonly<Record<string, Tls>> = {
  disable: 'disable',
  require: 'require',
  'verify-ca': 'verify-full',
  'verify-full': 'verify-full',
};

export const tls: Parser<Tls> = (raw) => {
  const word = String(raw).toLowerCase();
  const mode = TRUE_WORDS.has(word) ? 'require' : FALSE_WORDS.has(word) ? 'disable' : TLS_WORDS[word];
  return mode === undefined
    ? refused('is not a TLS mode; give disable, require (encrypted) or verify-full (certificate checked too)')
    : accepted(mode);
};

function decimal(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  return typeof raw === 'string' && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : Number.NaN;
}
