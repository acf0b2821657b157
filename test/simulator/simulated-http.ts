import { createHmac } from 'node:crypto';
import type { Simulator } from '#src/simulator/simulator.js';

/** An answer of the simulator, as it came over the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when the body is not JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: bodies are what the exchange's documentation says
  readonly json: any;
}

export interface SignOptions {
  readonly account?: string;
  readonly secret?: string;
  readonly apiKey?: string;
  readonly timestampMs?: number;
  readonly recvWindowMs?: number;
}

/** A request of a public endpoint, as ccxt's `proxyUrl` sends it: the full URL, encoded as a whole. */
export function askPublic(simulator: Simulator, exchange: string, upstreamUrl: string): Promise<Answer> {
  return ask(simulator.proxyUrl(exchange) + encodeURIComponent(upstreamUrl));
}

/** A signed V5 request, made by the documentation and by nothing of ours. */
export function askBybit(
  simulator: Simulator,
  path: string,
  query: Record<string, string> = {},
  options: SignOptions = {},
): Promise<Answer> {
  const credentials = credentialsOf(simulator, 'bybit', options.account);
  const { apiKey = credentials.apiKey, secret = credentials.secret, recvWindowMs = 5_000 } = options;
  const timestamp = String(options.timestampMs ?? Date.now());
  const text = new URLSearchParams(query).toString();
  const payload = timestamp + apiKey + recvWindowMs + text;
  const headers = {
    'X-BAPI-API-KEY': apiKey,
    'X-BAPI-TIMESTAMP': timestamp,
    'X-BAPI-RECV-WINDOW': String(recvWindowMs),
    'X-BAPI-SIGN': createHmac('sha256', secret).update(payload).digest('hex'),
  };
  const url = `https://api.bybit.com${path}${text === '' ? '' : `?${text}`}`;
  return ask(simulator.proxyUrl('bybit') + encodeURIComponent(url), { headers });
}

/** A signed binance request: parameters in the query of a GET, in the body of a POST. */
export function askBinance(
  simulator: Simulator,
  url: string,
  query: Record<string, string> = {},
  options: SignOptions & { readonly method?: 'GET' | 'POST' } = {},
): Promise<Answer> {
  const credentials = credentialsOf(simulator, 'binance', options.account);
  const { apiKey = credentials.apiKey, secret = credentials.secret, method = 'GET' } = options;
  const signed = new URLSearchParams({
    ...query,
    ...(options.recvWindowMs === undefined ? {} : { recvWindow: String(options.recvWindowMs) }),
    timestamp: String(options.timestampMs ?? Date.now()),
  }).toString();
  const parameters = `${signed}&signature=${createHmac('sha256', secret).update(signed).digest('hex')}`;
  const headers = { 'X-MBX-APIKEY': apiKey };
  if (method === 'GET') {
    return ask(simulator.proxyUrl('binance') + encodeURIComponent(`${url}?${parameters}`), { headers });
  }
  return ask(simulator.proxyUrl('binance') + url, { method, headers, body: parameters });
}

export interface OkxSignOptions extends SignOptions {
  readonly passphrase?: string;
  /** Headers that are sent instead, or not at all. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A signed okx request: HMAC over time, method and path with query, in Base64. */
export function askOkx(
  simulator: Simulator,
  path: string,
  query: Record<string, string> = {},
  options: OkxSignOptions = {},
): Promise<Answer> {
  const known = credentialsOf(simulator, 'okx', options.account);
  const { apiKey = known.apiKey, secret = known.secret, passphrase = known.password ?? '' } = options;
  const text = new URLSearchParams(query).toString();
  const target = `/api/v5/${path}${text === '' ? '' : `?${text}`}`;
  const timestamp = new Date(options.timestampMs ?? Date.now()).toISOString();
  const signed: Record<string, string | undefined> = {
    'OK-ACCESS-KEY': apiKey,
    'OK-ACCESS-SIGN': createHmac('sha256', secret).update(`${timestamp}GET${target}`).digest('base64'),
    'OK-ACCESS-TIMESTAMP': timestamp,
    'OK-ACCESS-PASSPHRASE': passphrase,
    ...options.headers,
  };
  const headers = Object.entries(signed).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return ask(simulator.proxyUrl('okx') + encodeURIComponent(`https://www.okx.com${target}`), {
    headers: Object.fromEntries(headers),
  });
}

export async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { ...init, headers: { ...init.headers, connection: 'close' } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the test that gets such a body looks at its text.
    return undefined;
  }
}

export function credentialsOf(
  simulator: Simulator,
  exchange: string,
  account = 'main',
): { apiKey: string; secret: string; password?: string } {
  const found = simulator.accounts.find((one) => one.exchange === exchange && one.account === account);
  if (found === undefined) throw new Error(`the world has no account ${exchange}/${account}`);
  return found.credentials;
}
