import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Clock } from '../../domain/clock.js';
import { type ControlOptions, control, controlError, controlRows } from './control-api.js';
import { deliver } from './deliver.js';
import { type ExchangeApi, jsonReply, type Reply } from './reply.js';
import { parseUpstreamUrl, type UpstreamRequest } from './upstream-request.js';

export interface SimulatorServerOptions {
  /** By ccxt's exchange id. */
  readonly apis: Readonly<Record<string, ExchangeApi>>;
  readonly control: ControlOptions;
  readonly clock: Clock;
}

/** The HTTP server: proxied requests of the exchanges' clients, and below `/control` those of a test. */
export class SimulatorServer {
  readonly #options: SimulatorServerOptions;
  readonly #stopping = new AbortController();
  readonly #server: Server;

  constructor(options: SimulatorServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => this.#fail(response, error));
    });
  }

  /** Resolves with the base URL, e.g. `http://127.0.0.1:40123`. `port` 0 takes a free one. */
  async listen(port: number): Promise<string> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Ends connections that are under way, also the stalled ones. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#stopping.abort();
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const method = request.method ?? 'GET';
    const url = request.url ?? '/';
    if (url.startsWith('/control/')) {
      await this.#control(response, { method, url: new URL(url, 'http://localhost'), body });
      return;
    }
    const upstream = parseUpstreamUrl(url);
    const api = this.#options.apis[upstream?.exchange ?? ''];
    if (upstream === undefined || api === undefined) {
      sendWhole(response, jsonReply(404, { error: `no simulated exchange is behind ${url.slice(0, 80)}` }));
      return;
    }
    await this.#serve(response, api, { ...upstream, method, headers: request.headers, body });
  }

  async #control(
    response: ServerResponse,
    request: { method: string; url: URL; body: string },
  ): Promise<void> {
    const { control: options } = this.#options;
    let rows: Iterable<object> | undefined;
    try {
      rows = controlRows(options, request);
    } catch (error: unknown) {
      const reply = controlError(error);
      if (reply === undefined) throw error;
      sendWhole(response, reply);
      return;
    }
    if (rows === undefined) sendWhole(response, control(options, request));
    else await sendLines(response, rows);
  }

  async #serve(response: ServerResponse, api: ExchangeApi, request: UpstreamRequest): Promise<void> {
    const { faults, requests } = this.#options.control;
    const account = api.accountOf(request);
    const { exchange, method, path } = request;
    const truth = () => api.handle(request);
    const delivery = { api, clock: this.#options.clock, signal: this.#stopping.signal, truth };
    const status = await deliver(response, faults.take(request, account), delivery);
    requests.record({ exchange, account, method, path, status });
  }

  #fail(response: ServerResponse, error: unknown): void {
    if (this.#stopping.signal.aborted || response.headersSent) {
      response.destroy();
      return;
    }
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    sendWhole(response, jsonReply(500, { error: `defect of the simulator: ${message}` }));
  }
}

function sendWhole(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

/** As fast as they are read, and no more of them in memory than that. */
async function sendLines(response: ServerResponse, rows: Iterable<object>): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  await pipeline(Readable.from(lines(rows)), response);
}

const LINES_PER_CHUNK = 500;

function* lines(rows: Iterable<object>): Iterable<string> {
  let chunk: string[] = [];
  for (const row of rows) {
    chunk.push(JSON.stringify(row));
    if (chunk.length < LINES_PER_CHUNK) continue;
    yield `${chunk.join('\n')}\n`;
    chunk = [];
  }
  if (chunk.length > 0) yield `${chunk.join('\n')}\n`;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
