import { STATUS_CODES } from 'node:http';
import { ExchangeSyncError } from '../../domain/errors.js';
import type { Envelope, ExchangeProfile } from '../profiles/profile.js';
import { attachFacts, lowerCaseNames, readFacts } from './answer-facts.js';
import { currentCall, currentRequest, inRequest, type RequestContext } from './call-context.js';
import { isCcxtError } from './ccxt-error.js';
import { parseLosslessJson, plainDecimal } from './lossless-json.js';
import { CCXT_INTERNALS, type RawExchange } from './raw-exchange.js';
import { sendRequest, type TransportOptions } from './transport.js';

/** Who decides when a request may be sent, and learns from the answer's headers. */
export interface RequestLimiter {
  /** Resolves when the request may be sent; `cost` is ccxt's. */
  acquire(request: RequestContext, cost: number): Promise<void>;
  observe(request: RequestContext, headers: Readonly<Record<string, string>>): void;
}

export interface HardeningOptions {
  readonly profile: ExchangeProfile;
  readonly transport: TransportOptions;
  readonly limiter: RequestLimiter;
}

/**
 * The one place where ccxt's internals are replaced, on the instance. Without it a body that is no JSON
 * reads as an empty account, a stalled body hangs, a failed loadMarkets fails for ever, errors know neither
 * status nor headers, nothing can be aborted, and numbers pass through doubles.
 */
export function harden(exchange: RawExchange, options: HardeningOptions): void {
  for (const name of CCXT_INTERNALS) {
    if (typeof (exchange as unknown as Record<string, unknown>)[name] !== 'function') {
      throw new ExchangeSyncError(
        'INTERNAL',
        `This version of ccxt has no ${name}(); install the pinned one.`,
      );
    }
  }
  hardenRequests(exchange, options);
  hardenSigning(exchange);
  hardenAnswers(exchange, options.profile);
  hardenNumbers(exchange);
  healLoadMarkets(exchange);
  exchange.milliseconds = () => options.transport.clock.now();
  hardenNonce(exchange);
}

function hardenRequests(exchange: RawExchange, { limiter, transport, profile }: HardeningOptions): void {
  const fetch2 = exchange.fetch2.bind(exchange);
  const inTurn = profile.oneRequestPerKey === true ? oneAtATime() : <T>(work: () => Promise<T>) => work();
  exchange.fetch2 = (path, api, ...rest) =>
    inRequest(api, path, () => inTurn(() => fetch2(path, api, ...rest)));
  exchange.throttle = (cost = 1) => limiter.acquire(currentRequest(), cost);
  exchange.undiciRequest = async (url, params) => {
    const request = currentRequest();
    request.signal.throwIfAborted();
    request.meter.requests += 1;
    request.onSend?.(transport.clock.now());
    const { status, headers, body } = await sendRequest(url, params, request.signal, transport);
    limiter.observe(request, lowerCaseNames(headers));
    return {
      status,
      statusText: STATUS_CODES[status] ?? '',
      headers,
      text: async () => body.toString('utf8'),
      arrayBuffer: async () => body,
    };
  };
}

/** A secret that is not of the exchange's form (Base64, PEM) ends in the error of whichever library decodes it. */
function hardenSigning(exchange: RawExchange): void {
  const sign = exchange.sign.bind(exchange);
  exchange.sign = (...request) => {
    try {
      return sign(...request);
    } catch (error: unknown) {
      if (isCcxtError(error) || error instanceof ExchangeSyncError) throw error;
      throw new ExchangeSyncError(
        'AUTHENTICATION_FAILED',
        `The secret is not of the form that ${exchange.id} gives it in, so that nothing can be signed with it.`,
        { cause: error },
      );
    }
  };
}

const ignored = () => undefined;

/** Whoever waits is ended by its own call's deadline; the request before it by that of its own. */
function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.then(ignored, ignored);
    return next;
  };
}

function hardenAnswers(exchange: RawExchange, { errors, envelope }: ExchangeProfile): void {
  const handleErrors = exchange.handleErrors.bind(exchange);
  exchange.handleErrors = (status, statusText, url, method, headers, body, json, ...request) => {
    const good = status >= 200 && status < 300;
    let statusOnly = json === undefined;
    try {
      if (good && json === undefined) throw badResponse(`is not JSON (${describe(body)})`);
      if (good && !isEnvelope(json, envelope)) throw badResponse('is not of the form this exchange uses');
      const handled = handleErrors(status, statusText, url, method, headers, body, json, ...request);
      if (handled !== undefined) return handled;
      statusOnly = true;
      exchange.handleHttpStatusCode(status, statusText, url, method, body);
      if (!good) throw badResponse(`has the unexpected status HTTP ${status}`);
      if (envelope !== undefined) requireEnvelope(json, envelope, currentRequest().endpoint);
      return undefined;
    } catch (error: unknown) {
      const known = isCcxtError(error) || error instanceof ExchangeSyncError;
      const failure = known ? error : badResponse('has a shape that ccxt cannot read', error);
      attachFacts(failure, readFacts({ status, headers, body, json, statusOnly }, errors.codeFields));
      throw failure;
    }
  };
}

function isEnvelope(json: unknown, envelope: Envelope | undefined): boolean {
  return envelope?.successField === undefined || member(json, envelope.successField) !== undefined;
}

/** ccxt takes a missing list for an empty one, and so would delete what it does not see. */
function requireEnvelope(json: unknown, envelope: Envelope, endpoint: string): void {
  const { successField, successValue, lists, objects = [] } = envelope;
  if (successField !== undefined && String(member(json, successField)) !== successValue) {
    throw badResponse(`does not say ${successField} ${successValue}`);
  }
  for (const list of lists) {
    if (list.endpoint === endpoint && !Array.isArray(list.path.reduce(member, json))) {
      throw badResponse(`has no list ${list.path.join('.')}`);
    }
  }
  for (const { endpoint: of, path } of objects) {
    if (of === endpoint && !isObject(path.reduce(member, json))) {
      throw badResponse(`has no object ${path.join('.')}`);
    }
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function hardenNumbers(exchange: RawExchange): void {
  exchange.parseJson = parseLosslessJson;
  // ccxt's own takes '1e-18' through a double and lets 'abc' pass for a number.
  exchange.parseNumber = (value, fallback) =>
    value === undefined || value === null ? fallback : (plainDecimal(String(value)) ?? fallback);
}

/** A nonce further back than this follows a clock that was set, and is right. */
const NONCE_RUN_MS = 1_000;
/** Below this it counts seconds, and one more would be a time in the future. */
const EARLIEST_MS = 1e12;

/** Requests of one millisecond would carry the same nonce, which kraken and others refuse. */
function hardenNonce(exchange: RawExchange): void {
  const nonce = exchange.nonce.bind(exchange);
  let last = Number.NEGATIVE_INFINITY;
  exchange.nonce = () => {
    const next = nonce();
    if (next < EARLIEST_MS) return next;
    last = next > last || next < last - NONCE_RUN_MS ? next : last + 1;
    return last;
  };
}

/** ccxt keeps the rejected promise and gives it to every later call. */
function healLoadMarkets(exchange: RawExchange): void {
  const loadMarkets = exchange.loadMarkets.bind(exchange);
  exchange.loadMarkets = async (reload = false) => {
    currentCall().signal.throwIfAborted();
    try {
      return await loadMarkets(reload);
    } catch (error: unknown) {
      exchange.marketsLoading = undefined;
      throw error;
    }
  };
}

function badResponse(what: string, cause?: unknown): ExchangeSyncError {
  return new ExchangeSyncError('EXCHANGE_BAD_RESPONSE', `The answer ${what}.`, { cause });
}

function describe(body: string): string {
  if (body.trim() === '') return 'empty';
  return /^\s*</.test(body) ? 'HTML or XML' : `${body.length} characters, cut off or of another kind`;
}
