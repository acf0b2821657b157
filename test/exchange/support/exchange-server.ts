import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the exchange would see it. */
export interface SeenRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  /** Of a POST. */
  readonly body: string;
}

/** Answers, or returns undefined for the next route. A string or object is sent with status 200. */
export type Route = (request: SeenRequest, response: ServerResponse) => unknown;

/** Marks that a route answers by itself, or never. */
export const ANSWERED = Symbol('answered');

/** A small exchange behind `proxyUrl`, where the whole URL arrives as a path. */
export class ExchangeServer {
  readonly requests: SeenRequest[] = [];
  connections = 0;
  readonly #server: Server;
  readonly #routes: Route[];

  private constructor(routes: readonly Route[]) {
    this.#routes = [...routes];
    this.#server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => this.#serve(incoming, response, Buffer.concat(chunks).toString()));
    });
  }

  static async start(...routes: Route[]): Promise<ExchangeServer> {
    const server = new ExchangeServer(routes);
    server.#server.on('connection', () => {
      server.connections += 1;
    });
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Asked before the routes that are there. */
  route(route: Route): void {
    this.#routes.unshift(route);
  }

  paths(): readonly string[] {
    return this.requests.map(({ path }) => path);
  }

  count(path: string): number {
    return this.requests.filter((request) => request.path === path).length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(incoming: IncomingMessage, response: ServerResponse, body: string): void {
    const target = new URL(decodeURIComponent((incoming.url ?? '').slice(1)));
    const request = {
      method: incoming.method ?? '',
      host: target.host,
      path: target.pathname,
      query: target.searchParams,
      headers: incoming.headers,
      body,
    };
    this.requests.push(request);
    for (const route of this.#routes) {
      const answer = route(request, response);
      if (answer === ANSWERED) return;
      if (answer === undefined) continue;
      send(response, answer);
      return;
    }
    send(response, { error: `no route for ${target.pathname}` }, 404);
  }
}

export function send(response: ServerResponse, answer: unknown, status = 200, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
}

/** A route for one path; `times` bounds how often it answers. */
export function at(path: string, answer: Route | object | string, times = Number.POSITIVE_INFINITY): Route {
  let left = times;
  return (request, response) => {
    if (request.path !== path || left <= 0) return undefined;
    left -= 1;
    return typeof answer === 'function' ? (answer as Route)(request, response) : answer;
  };
}

export const sending =
  (status: number, answer: unknown, headers: object = {}): Route =>
  (_request, response) => {
    send(response, answer, status, headers);
    return ANSWERED;
  };
