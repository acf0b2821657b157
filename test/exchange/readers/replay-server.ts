import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the exchange would see it. */
export interface SeenRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

/** The body to answer with; undefined: this route does not answer that request. */
export type Route = (request: SeenRequest) => unknown;

/**
 * Answers every request that a ccxt client sends through `proxyUrl`, where it arrives as a path that holds
 * the whole URL. What no route answers gets status 404 and fails the test that asked.
 */
export class ReplayServer {
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;
  readonly #routes: readonly Route[];

  private constructor(routes: readonly Route[]) {
    this.#routes = routes;
    this.#server = createServer((incoming, response) => {
      const answer = this.#answer(incoming);
      response.statusCode = answer === undefined ? 404 : 200;
      response.setHeader('content-type', 'application/json');
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? 'no such route'));
    });
  }

  static async start(routes: readonly Route[]): Promise<ReplayServer> {
    const replay = new ReplayServer(routes);
    replay.#server.listen(0, '127.0.0.1');
    await once(replay.#server, 'listening');
    return replay;
  }

  get proxyUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer({ method, url }: IncomingMessage): unknown {
    const target = new URL(decodeURIComponent((url ?? '').slice(1)));
    const request: SeenRequest = {
      method: method ?? '',
      host: target.host,
      path: target.pathname,
      query: Object.fromEntries(target.searchParams),
    };
    this.requests.push(request);
    for (const route of this.#routes) {
      const answer = route(request);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
}

/** Answers requests to a path with this body, as far as their parameters are these. */
export function answering(path: string, body: unknown, query: Readonly<Record<string, string>> = {}): Route {
  return (request) => {
    const isSame = Object.entries(query).every(([name, value]) => request.query[name] === value);
    return request.path === path && isSame ? body : undefined;
  };
}
