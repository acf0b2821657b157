import { type ExchangeApi, jsonReply, type Reply } from '../http/reply.js';
import type { UpstreamRequest } from '../http/upstream-request.js';
import type { SimulatedAccount } from '../world/account.js';
import type { World } from '../world/world.js';
import { authenticateBybit, bybitApiKey } from './bybit-auth.js';
import type { BybitEndpoint } from './bybit-endpoint.js';
import { BYBIT_ENDPOINTS } from './bybit-endpoints.js';
import { BybitError, bybitErrorReply, bybitReply } from './bybit-errors.js';
import { BybitRateLimits } from './bybit-rate-limits.js';

/** bybit's V5 REST API, as far as it is read. */
export class BybitApi implements ExchangeApi {
  readonly #world: World;
  readonly #limits: BybitRateLimits;

  constructor({ world, ipRequests }: { world: World; ipRequests: number }) {
    this.#world = world;
    this.#limits = new BybitRateLimits(ipRequests);
  }

  accountOf(request: UpstreamRequest): string | undefined {
    return this.#world.accountByKey('bybit', bybitApiKey(request) ?? '')?.identity.account;
  }

  errorReply(code: string, message: string, status?: number): Reply {
    return bybitErrorReply(this.#world.now(), Number(code), message, status === undefined ? {} : { status });
  }

  handle(request: UpstreamRequest): Reply {
    const nowMs = this.#world.now();
    if (!this.#limits.allowsIp(nowMs)) {
      return { status: 403, headers: { 'content-type': 'text/html' }, body: 'access too frequent' };
    }
    const endpoint = BYBIT_ENDPOINTS[`${request.method} ${request.path}`];
    if (endpoint === undefined) return jsonReply(404, { error: 'not found' });
    try {
      return endpoint.access === 'public'
        ? bybitReply(nowMs, endpoint.serve({ world: this.#world, query: request.query }))
        : this.#servePrivate(request, endpoint, nowMs);
    } catch (error: unknown) {
      if (error instanceof BybitError) return bybitErrorReply(nowMs, error.code, error.message);
      throw error;
    }
  }

  #servePrivate(
    request: UpstreamRequest,
    endpoint: Extract<BybitEndpoint, { access: 'private' }>,
    nowMs: number,
  ): Reply {
    const account = authenticateBybit(request, this.#world);
    const { isExceeded, headers } = this.#limits.charge(
      account.identity.uid,
      request.path,
      endpoint.perSecond,
      nowMs,
    );
    const refuse = (error: BybitError) => bybitErrorReply(nowMs, error.code, error.message, { headers });
    if (isExceeded) return refuse(new BybitError(10006));
    if (!isAllowed(account, endpoint, request.query)) return refuse(new BybitError(10005));
    try {
      const result = endpoint.serve({ world: this.#world, query: request.query, account });
      return bybitReply(nowMs, result, headers);
    } catch (error: unknown) {
      if (error instanceof BybitError) return refuse(error);
      throw error;
    }
  }
}

function isAllowed(
  { permissions }: SimulatedAccount,
  { permission }: Extract<BybitEndpoint, { access: 'private' }>,
  query: URLSearchParams,
): boolean {
  if (permission !== undefined && !permissions.has(permission)) return false;
  const category = query.get('category');
  return category === null || category === 'spot' || permissions.has('derivatives');
}
