import { type ExchangeApi, jsonReply, type Reply } from '../http/reply.js';
import type { UpstreamRequest } from '../http/upstream-request.js';
import type { World } from '../world/world.js';
import { authenticateOkx, okxApiKey } from './okx-auth.js';
import type { OkxEndpoint } from './okx-endpoint.js';
import { OKX_ENDPOINTS } from './okx-endpoints.js';
import { OkxError, okxErrorReply, okxReply } from './okx-errors.js';
import { OkxRateLimits } from './okx-rate-limits.js';

const WINDOW_MS = 2_000;

/** okx's V5 REST API, as far as it is read. */
export class OkxApi implements ExchangeApi {
  readonly #world: World;
  readonly #limits: OkxRateLimits;

  constructor({ world, requestLimit }: { world: World; requestLimit: number | undefined }) {
    this.#world = world;
    this.#limits = new OkxRateLimits(requestLimit);
  }

  accountOf(request: UpstreamRequest): string | undefined {
    return this.#world.accountByKey('okx', okxApiKey(request) ?? '')?.identity.account;
  }

  errorReply(code: string, message: string, status?: number): Reply {
    return okxErrorReply(code, message, status);
  }

  handle(request: UpstreamRequest): Reply {
    const endpoint = OKX_ENDPOINTS[`${request.method} ${request.path}`];
    if (endpoint === undefined) return jsonReply(404, { error: 'not found' });
    try {
      return okxReply(this.#serve(request, endpoint));
    } catch (error: unknown) {
      if (error instanceof OkxError) return okxErrorReply(String(error.code), error.message);
      throw error;
    }
  }

  #serve(request: UpstreamRequest, endpoint: OkxEndpoint): readonly unknown[] {
    const context = { world: this.#world, query: request.query };
    if (endpoint.access === 'public') {
      this.#charge('address', request, endpoint.limit, WINDOW_MS);
      return endpoint.serve(context);
    }
    const account = authenticateOkx(request, this.#world);
    this.#charge(account.identity.uid, request, endpoint.limit, endpoint.windowMs ?? WINDOW_MS);
    if (endpoint.permission !== undefined && !account.permissions.has(endpoint.permission)) {
      throw new OkxError(50120);
    }
    return endpoint.serve({ ...context, account });
  }

  #charge(asker: string, { path }: UpstreamRequest, limit: number, windowMs: number): void {
    if (!this.#limits.allows(asker, path, limit, windowMs, this.#world.now())) throw new OkxError(50011);
  }
}
