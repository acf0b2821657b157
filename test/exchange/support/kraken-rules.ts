import { createHash, createHmac } from 'node:crypto';
import type { Route, SeenRequest } from './exchange-server.js';

export const KRAKEN_KEY = 'KEY-canary';
export const KRAKEN_SECRET = Buffer.from('SECRET-canary').toString('base64');

export const answer = (result: unknown) => ({ error: [], result });
export const failure = (...error: string[]) => ({ error });

const ASSETS = {
  XXBT: { aclass: 'currency', altname: 'XBT', decimals: 10, status: 'enabled' },
  'XBT.M': { aclass: 'currency', altname: 'XBT.M', decimals: 10, status: 'enabled' },
  ZEUR: { aclass: 'currency', altname: 'EUR', decimals: 4, status: 'enabled' },
  DOT: { aclass: 'currency', altname: 'DOT', decimals: 10, status: 'enabled' },
  C98: { aclass: 'currency', altname: 'C98', decimals: 8, status: 'enabled' },
  USDT: { aclass: 'currency', altname: 'USDT', decimals: 8, status: 'enabled' },
};

const PAIRS = {
  XXBTZEUR: pair('XBTEUR', 'XXBT', 'ZEUR'),
  DOTEUR: pair('DOTEUR', 'DOT', 'ZEUR'),
};

function pair(altname: string, base: string, quote: string): object {
  return {
    altname,
    wsname: altname,
    aclass_base: 'currency',
    base,
    aclass_quote: 'currency',
    quote,
    lot: 'unit',
    pair_decimals: 1,
    cost_decimals: 5,
    lot_decimals: 8,
    lot_multiplier: 1,
    leverage_buy: [],
    leverage_sell: [],
    fees: [[0, 0.4]],
    fees_maker: [[0, 0.25]],
    ordermin: '0.0001',
    costmin: '0.5',
    tick_size: '0.1',
    status: 'online',
  };
}

/** kraken's private endpoints by its documentation: the signature is checked, and the order of the nonces. */
export class KrakenRules {
  readonly nonces: bigint[] = [];
  /** By endpoint: a body, or what makes one of the form that was sent. */
  readonly private: Record<string, unknown> = {};
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly route: Route = (request) => {
    const name = request.path.split('/').at(-1) ?? '';
    if (request.path.startsWith('/0/public/')) return this.#public(name);
    if (request.headers['api-key'] !== KRAKEN_KEY) return failure('EAPI:Invalid key');
    if (request.headers['api-sign'] !== signatureOf(request)) return failure('EAPI:Invalid signature');
    const nonce = BigInt(new URLSearchParams(request.body).get('nonce') ?? '0');
    if (nonce <= (this.nonces.at(-1) ?? 0n)) return failure('EAPI:Invalid nonce');
    this.nonces.push(nonce);
    const given = this.private[name];
    return typeof given === 'function' ? given(new URLSearchParams(request.body)) : given;
  };

  #public(name: string): unknown {
    const bodies: Record<string, unknown> = {
      Time: { unixtime: Math.floor(this.#now() / 1000), rfc1123: '' },
      Assets: ASSETS,
      AssetPairs: PAIRS,
      Ticker: {
        XXBTZEUR: { a: ['50010.0', '1', '1'], b: ['50000.0', '1', '1'], c: ['50005.5', '0.01'] },
        DOTEUR: { a: ['4.2', '1', '1'], b: ['4.0', '1', '1'], c: [] },
      },
    };
    return answer(bodies[name]);
  }
}

/** HMAC-SHA512 of path and SHA256(nonce + body), by the decoded secret. */
function signatureOf({ path, body }: SeenRequest): string {
  const nonce = new URLSearchParams(body).get('nonce') ?? '';
  const hash = createHash('sha256')
    .update(nonce + body)
    .digest();
  return createHmac('sha512', Buffer.from(KRAKEN_SECRET, 'base64'))
    .update(path)
    .update(hash)
    .digest('base64');
}
