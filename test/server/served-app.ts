import { BroadcastChannel } from 'node:worker_threads';
import { expect } from 'chai';
import Fastify, { type FastifyInstance } from 'fastify';
import { HOST_PARTS } from '#src/bridge/host-parts.js';
import { systemClock } from '#src/domain/clock.js';
import { createPlugin } from '#src/server/plugin.js';
import type { ExchangeSyncPluginOptions } from '#src/server/plugin-options.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { ExchangeDataSynchronizer } from '#src/synchronizer.js';
import { TcpGate } from '../e2e/support/tcp-gate.js';
import { openedOn } from '../support/opened-on.js';
import { useTestDatabase } from '../support/postgres.js';

/** Young accounts: what is tested here is not how long years take to read. */
const HISTORY_MS = 6 * 24 * 60 * 60_000;

/** An answer of the server, as it arrived. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered.
  readonly body: any;
}

export interface ServedApp {
  readonly app: FastifyInstance;
  readonly url: string;
  /** With a body it is a POST of JSON, as it stands when it is text. */
  ask(path: string, body?: unknown): Promise<Answer>;
}

/** Servers, exchanges and a database for the tests of a suite. Call it inside of `describe`. */
export interface Servers {
  readonly simulator: Simulator;
  /** What stands between the synchronizer and the database. */
  readonly gate: TcpGate;
  readonly synchronizer: ExchangeDataSynchronizer;
  /** Mutable, as a process's own is. */
  readonly env: Record<string, string>;
  /** The plugin under test, which tries again soon. */
  readonly plugin: ReturnType<typeof createPlugin>;
  /** The plugin's options for this suite. */
  options(more?: ExchangeSyncPluginOptions): ExchangeSyncPluginOptions;
  /** A server with the plugin, that listens. */
  serve(options?: ExchangeSyncPluginOptions): Promise<ServedApp>;
  /** Listens with what the test put together. */
  listen(app: FastifyInstance): Promise<ServedApp>;
  /** Ends the worker thread as a crash would. */
  endWorker(): void;
}

export function useServers(): Servers {
  let simulator: Simulator;
  let gate: TcpGate;
  let synchronizer: ExchangeDataSynchronizer;
  let env: Record<string, string>;
  let apps: FastifyInstance[] = [];

  // Before the database takes back its schema.
  afterEach('close the servers', async () => {
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
    await synchronizer.stop();
    await gate.shut();
    await simulator.stop();
  });
  const test = useTestDatabase();
  const plugin = createPlugin({ clock: systemClock, retry: { firstDelayMs: 10, maxDelayMs: 100 } });

  beforeEach('start the exchanges and open the gate', async () => {
    simulator = await startSimulator({ historyMs: HISTORY_MS });
    gate = await TcpGate.make(test.settings);
    await gate.open();
    synchronizer = new ExchangeDataSynchronizer({
      ...HOST_PARTS,
      entry: new URL('./workers/mortal-thread.js', import.meta.url),
    });
    synchronizer.on('error', () => undefined);
    const { user, password, database } = test.settings;
    env = {
      DATABASE_URL: `postgresql://${user}:${encodeURIComponent(password)}@127.0.0.1:${gate.port}/${database}`,
      DB_SCHEMA: test.schema,
      EXCHANGE_SYNC_ENABLED: 'false',
      EXCHANGE_SYNC_EXCHANGES: 'bybit,binance',
      ...openedOn(simulator),
    };
    for (const { exchange, account, credentials } of simulator.accounts) {
      const prefix = `${exchange}_${account === 'main' ? '' : `${account}_`}`.toUpperCase();
      env[`${exchange.toUpperCase()}_PROXY_URL`] = simulator.proxyUrl(exchange);
      env[`${prefix}API_KEY`] = credentials.apiKey;
      env[`${prefix}API_SECRET`] = credentials.secret;
    }
  });

  const options = (more: ExchangeSyncPluginOptions = {}): ExchangeSyncPluginOptions => ({
    synchronizer,
    start: { env, logger: { log: () => undefined } },
    ...more,
  });

  const secretsOf = (): readonly string[] => [
    test.settings.password,
    ...simulator.accounts.flatMap(({ credentials }) => [credentials.apiKey, credentials.secret]),
  ];

  async function listen(app: FastifyInstance): Promise<ServedApp> {
    apps.push(app);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const askChecked = async (path: string, body?: unknown) => {
      const answer = await ask(`${url}${path}`, body);
      if (path.includes('exchange-sync')) expectNothingPrivate(answer, secretsOf());
      return answer;
    };
    return { app, url, ask: askChecked };
  }

  return {
    get simulator() {
      return simulator;
    },
    get gate() {
      return gate;
    },
    get synchronizer() {
      return synchronizer;
    },
    get env() {
      return env;
    },
    plugin,
    options,
    async serve(more) {
      const app = Fastify();
      await app.register(plugin, options(more));
      return await listen(app);
    },
    listen,
    endWorker() {
      const channel = new BroadcastChannel('exchange-sync-test: end the worker');
      channel.postMessage('now');
      channel.close();
    },
  };
}

/** A frame of a stack, wherever it stands; a sentence may say at what time something was. */
const STACK =
  /\\n\s*at |\bat [^"]*(\.[cm]?[jt]s|node:[\w/]+|<anonymous>):\d+:\d+|node_modules|"(stack|cause)":/;

/** Holds for every answer of every test. */
function expectNothingPrivate({ text, status }: Answer, secrets: readonly string[]): void {
  for (const secret of secrets) expect(text).to.not.include(secret);
  expect(text).to.not.match(STACK);
  if (status < 400) return;
  const { code, message, ...rest } = JSON.parse(text);
  expect(code).to.match(/^[A-Z_]+$/);
  expect(message).to.be.a('string').and.not.equal('');
  expect(Object.keys(rest).filter((key) => key !== 'details')).to.deep.equal([]);
}

async function ask(url: string, body?: unknown): Promise<Answer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const posted = { method: 'POST', headers: { 'content-type': 'application/json' }, body: text ?? null };
  const response = await fetch(url, {
    ...(body !== undefined && posted),
    signal: AbortSignal.timeout(30_000),
  });
  const answered = await response.text();
  const json = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    status: response.status,
    headers: response.headers,
    text: answered,
    body: json ? JSON.parse(answered) : undefined,
  };
}
