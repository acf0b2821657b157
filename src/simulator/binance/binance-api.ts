import { type ExchangeApi, jsonReply, type Reply } from '../http/reply.js';
import type { UpstreamRequest } from '../http/upstream-request.js';
import type { World } from '../world/world.js';
import { authenticateBinance, binanceApiKey, binanceParameters } from './binance-auth.js';
import type { BinanceEndpoint, Weight } from './binance-endpoint.js';
import { BINANCE_ENDPOINTS } from './binance-endpoints.js';
import { BinanceError, binanceErrorReply } from './binance-errors.js';
import { BinanceRateLimits } from './binance-rate-limits.js';

/** binance's REST APIs as far as they are read: spot, wallet, USD-M and COIN-M futures. */
export class BinanceApi implements ExchangeApi {
  readonly #world: World;
  readonly #limits: BinanceRateLimits;

  /** `weightLimit` replaces the published limit of every host. */
  constructor({ world, weightLimit }: { world: World; weightLimit: number | undefined }) {
    this.#world = world;
    this.#limits = new BinanceRateLimits(weightLimit);
  }

  accountOf(request: UpstreamRequest): string | undefined {
    return this.#world.accountByKey('binance', binanceApiKey(request) ?? '')?.identity.account;
  }

  errorReply(code: string, message: string, status?: number): Reply {
    return binanceErrorReply(code, message, { status });
  }

  handle(request: UpstreamRequest): Reply {
    const endpoint = BINANCE_ENDPOINTS[`${request.method} ${request.path}`];
    if (endpoint === undefined) return jsonReply(404, { error: 'not found' });
    const query = binanceParameters(request);
    const { weight } = endpoint;
    const perAccount = typeof weight === 'object' && 'uid' in weight ? this.accountOf(request) : undefined;
    const verdict = this.#limits.charge(request.path, weightOf(weight, query), this.#world.now(), perAccount);
    const { headers } = verdict;
    if (verdict.kind === 'refused') {
      return binanceErrorReply('-1003', verdict.message, { status: verdict.status, headers });
    }
    try {
      return jsonReply(200, this.#serve(endpoint, request, query), headers);
    } catch (error: unknown) {
      if (error instanceof BinanceError) return binanceErrorReply(error.code, error.message, { headers });
      throw error;
    }
  }

  #serve(endpoint: BinanceEndpoint, request: UpstreamRequest, query: URLSearchParams): unknown {
    const world = this.#world;
    if (endpoint.access === 'public') return endpoint.serve({ world, query });
    const account = authenticateBinance(request, world);
    if (endpoint.permission !== undefined && !account.permissions.has(endpoint.permission)) {
      throw new BinanceError('-2015');
    }
    return endpoint.serve({ world, query, account });
  }
}

function weightOf(weight: Weight, query: URLSearchParams): number {
  if (typeof weight === 'number') return weight;
  if ('uid' in weight) return weight.uid;
  return query.has('symbol') ? weight.one : weight.all;
}
