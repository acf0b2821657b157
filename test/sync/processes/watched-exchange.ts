import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One signed request as it came in. */
export interface SeenRequest {
  readonly process: string;
  readonly apiKey: string;
  /** Without what differs from one time to the next. */
  readonly what: string;
  /** The later one's number is higher. */
  readonly beganAt: number;
  /** Undefined: not answered yet, or its connection was lost. */
  endedAt: number | undefined;
}

/**
 * Stands before the simulated exchange, with a door for each process, and notes the order in which signed
 * requests begin and end.
 */
export class WatchedExchange {
  readonly seen: SeenRequest[] = [];
  /** Told of each before it is passed on. */
  onRequest: ((seen: SeenRequest) => void) | undefined;
  readonly #upstream: string;
  readonly #doors: Server[] = [];
  #moment = 0;

  constructor(upstream: string) {
    this.#upstream = upstream;
  }

  /** A URL for the process of that name, to be used as its proxy's. */
  async door(process: string): Promise<string> {
    const server = createServer((incoming, outgoing) => this.#pass(process, incoming, outgoing));
    this.#doors.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/bybit/`;
  }

  async close(): Promise<void> {
    for (const door of this.#doors) {
      door.closeAllConnections();
      await new Promise((resolve) => door.close(resolve));
    }
  }

  #pass(process: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
    const seen = this.#note(process, incoming);
    const upstream = request(
      new URL(incoming.url ?? '/', this.#upstream),
      { method: incoming.method ?? 'GET', headers: incoming.headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      },
    );
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('finish', () => {
      this.#moment += 1;
      if (seen !== undefined) seen.endedAt = this.#moment;
    });
    incoming.pipe(upstream);
    if (seen !== undefined) this.onRequest?.(seen);
  }

  #note(process: string, { headers, url = '' }: IncomingMessage): SeenRequest | undefined {
    const apiKey = headers['x-bapi-api-key'];
    if (typeof apiKey !== 'string') return undefined;
    this.#moment += 1;
    const seen = {
      process,
      apiKey,
      what: decodeURIComponent(url),
      beganAt: this.#moment,
      endedAt: undefined,
    };
    this.seen.push(seen);
    return seen;
  }
}

/**
 * Requests of a process for an account in the midst of another process's sync of it. A sync begins with
 * the request `first`; each of the later ones belongs to the sync that its process began last.
 */
export function overlapsIn(seen: readonly SeenRequest[], first: RegExp): readonly string[] {
  const overlaps: string[] = [];
  const lastOf = new Map<string, SeenRequest>();
  for (const each of seen) {
    const before = lastOf.get(each.apiKey);
    lastOf.set(each.apiKey, each);
    if (before === undefined || before.process === each.process || first.test(each.what)) continue;
    overlaps.push(`${each.process} went on with ${each.apiKey} after ${before.process}: ${each.what}`);
  }
  return overlaps;
}
