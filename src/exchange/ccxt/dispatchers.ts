import { Agent, type Dispatcher, ProxyAgent } from 'undici';
import type { ConnectionSettings } from '../../config/settings.js';

/** Exchanges are polled: a socket that is kept saves a TLS handshake on the next round. */
const POOL = Object.freeze({
  keepAliveTimeout: 60_000,
  keepAliveMaxTimeout: 600_000,
  connections: 32,
  pipelining: 1,
  allowH2: false,
  // Deadlines belong to the call, body included; undici's own would cut a long but lively download.
  headersTimeout: 0,
  bodyTimeout: 0,
});

/** One pool of sockets per way out of this machine, shared by every client that goes that way. */
export class Dispatchers {
  readonly #byProxy = new Map<string, Dispatcher>();

  for({ httpsProxy, socksProxy }: ConnectionSettings): Dispatcher {
    const proxy = httpsProxy ?? socksProxy ?? '';
    let dispatcher = this.#byProxy.get(proxy);
    if (dispatcher === undefined) {
      dispatcher = proxy === '' ? new Agent(POOL) : new ProxyAgent({ ...POOL, uri: proxy });
      this.#byProxy.set(proxy, dispatcher);
    }
    return dispatcher;
  }

  /** Cuts every connection, also those in use. */
  async close(): Promise<void> {
    const dispatchers = [...this.#byProxy.values()];
    this.#byProxy.clear();
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
  }
}
