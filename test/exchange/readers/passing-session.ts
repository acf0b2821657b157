import type { ReadContext } from '#src/exchange/exchange-client.js';
import type { CcxtExchange, CcxtMarket, ExchangeSession } from '#src/exchange/exchange-session.js';
import type { ExchangeProfile } from '#src/exchange/profiles/profile.js';
import type { ExchangeServer } from '../support/exchange-server.js';

/** ccxt's class of one exchange, without loading the hundred others. */
async function exchangeClass(id: string): Promise<new (options: object) => CcxtExchange> {
  const module = await import(new URL(`./src/${id}.js`, import.meta.resolve('ccxt')).href);
  return module.default;
}

export interface SessionOptions {
  readonly exchange: string;
  readonly server: ExchangeServer;
  readonly profile: Pick<ExchangeProfile, 'ccxtOptions'>;
  readonly markets: readonly Partial<CcxtMarket>[];
  /** Markets that are there once they are read anew. */
  readonly newMarkets?: readonly Partial<CcxtMarket>[];
}

/** The real ccxt client of an exchange behind no guard: each call is one call, or two for a market that is new. */
export async function passingSession(options: SessionOptions): Promise<ExchangeSession> {
  const { exchange, server, profile, markets, newMarkets = [] } = options;
  const Exchange = await exchangeClass(exchange);
  const ccxt = new Exchange({
    apiKey: 'key',
    secret: 'secret',
    password: 'password',
    uid: 'uid',
    number: String,
    enableRateLimit: false,
    proxyUrl: server.url,
    options: { ...profile.ccxtOptions },
  });
  const setMarkets = (list: unknown) =>
    (ccxt as unknown as { setMarkets(markets: unknown): void }).setMarkets(list);
  setMarkets(markets);
  return {
    exchange,
    ccxt,
    async call(_purpose, work) {
      try {
        return await work(ccxt);
      } catch (error: unknown) {
        if (!(error instanceof Error) || error.name !== 'BadSymbol') throw error;
        setMarkets([...markets, ...newMarkets]);
        return work(ccxt);
      }
    },
  };
}

export function readContext(): ReadContext {
  return { signal: new AbortController().signal, meter: { requests: 0 }, priority: 'schedule' };
}

export function spotMarket(id: string, base: string, quote: string): Partial<CcxtMarket> {
  return {
    ...NO_KIND,
    id,
    symbol: `${base}/${quote}`,
    base,
    quote,
    type: 'spot',
    spot: true,
    active: true,
  };
}

export function swapMarket(id: string, base: string, quote: string, settle = quote): Partial<CcxtMarket> {
  const linear = settle === quote;
  return {
    ...NO_KIND,
    id,
    symbol: `${base}/${quote}:${settle}`,
    base,
    quote,
    settle,
    type: 'swap',
    swap: true,
    contract: true,
    linear,
    inverse: !linear,
    active: true,
    contractSize: '1',
  } as Partial<CcxtMarket>;
}

const NO_KIND = { spot: false, margin: false, swap: false, future: false, option: false, contract: false };
