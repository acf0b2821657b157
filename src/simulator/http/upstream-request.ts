import type { IncomingHttpHeaders } from 'node:http';

/** A request as the exchange would have received it. */
export interface UpstreamRequest {
  /** ccxt's exchange id, from the proxy prefix. */
  readonly exchange: string;
  readonly method: string;
  /** e.g. `api.bybit.com`. */
  readonly host: string;
  /** e.g. `/v5/market/time`. */
  readonly path: string;
  /** Exactly as it was sent: signatures are made over it. */
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const PREFIXED = /^\/([a-z0-9]+)\/(.+)$/s;

/**
 * Takes a proxied URL apart: `/bybit/` and behind it the exchange's full URL, which ccxt encodes as a whole
 * when it has a query. Undefined when it is none.
 */
export function parseUpstreamUrl(
  requestUrl: string,
): Pick<UpstreamRequest, 'exchange' | 'host' | 'path' | 'rawQuery' | 'query'> | undefined {
  const [, exchange = '', rest = ''] = PREFIXED.exec(requestUrl) ?? [];
  const target = /^https?:\/\//.test(rest) ? rest : decoded(rest);
  if (target === undefined || !URL.canParse(target)) return undefined;
  const { host, pathname } = new URL(target);
  const start = target.indexOf('?');
  const rawQuery = start === -1 ? '' : target.slice(start + 1);
  return { exchange, host, path: pathname, rawQuery, query: new URLSearchParams(rawQuery) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: not a URL that an exchange client sends.
    return undefined;
  }
}
