import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { openedOn } from '../support/opened-on.js';
import { useTestDatabase } from '../support/postgres.js';
import { until } from '../support/until.js';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

/** What a reader sees when he runs the example with the keys of a simulated bybit. */
describe('examples', () => {
  const test = useTestDatabase();
  let simulator: Simulator;
  let directory: string;

  before(async () => {
    // A young account, which is read in a moment.
    simulator = await startSimulator({ historyMs: 6 * 24 * 60 * 60_000 });
    directory = await mkdtemp(join(tmpdir(), 'exchange-sync-examples-'));
  });

  after(async () => {
    await simulator.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const key = () => {
    const main = simulator.accounts.find(
      ({ exchange, account }) => exchange === 'bybit' && account === 'main',
    );
    if (main === undefined) throw new Error('the simulator has no account bybit/main');
    return main.credentials;
  };

  function start(example: string, environment: Record<string, string>) {
    const { host, port, user, password, database } = test.settings;
    const child = spawn(process.execPath, [join(EXAMPLES, example)], {
      cwd: directory,
      env: {
        PATH: process.env.PATH,
        DATABASE_URL: `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}`,
        DB_SCHEMA: test.schema,
        BYBIT_PROXY_URL: simulator.proxyUrl('bybit'),
        EXCHANGE_SYNC_ENABLED: 'false',
        ...openedOn(simulator, ['bybit']),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      texts.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      texts.stderr += chunk;
    });
    const code = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, texts, code };
  }

  async function run(example: string, environment: Record<string, string>) {
    const { texts, code } = start(example, environment);
    return { code: await code, ...texts };
  }

  const inEnvironment = () => ({ BYBIT_API_KEY: key().apiKey, BYBIT_API_SECRET: key().secret });

  it('are all run here', async () => {
    expect((await readdir(EXAMPLES)).sort()).to.deep.equal([
      'embed.mjs',
      'express.mjs',
      'fastify.mjs',
      'node-http.mjs',
      'own-credentials.mjs',
      'own-logger.mjs',
      'queries.sql',
    ]);
  });

  it('embed.mjs syncs, prints the portfolio and ends', async () => {
    const { stdout, stderr, code } = await run('embed.mjs', inEnvironment());
    expect(code, stderr).to.equal(0);
    expect(stdout).to.include('bybit/main balances: ok');
    expect(stdout).to.match(/^BTC 0\.\d+ \d/m);
    expect(stdout).to.match(/^AIRDROP 77777 has no price$/m);
    expect(stdout).to.match(/^worth \d+\.\d+ USDT, 1 unpriced, stale: none$/m);
  });

  it('own-credentials.mjs takes the key from the host', async () => {
    const { stdout, stderr, code } = await run('own-credentials.mjs', {
      SECRET_STORE: JSON.stringify({ 'bybit/main': key() }),
    });
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(/^balances ok $/m);
  });

  it('own-logger.mjs has every line in the logger of the host', async () => {
    const { stdout, stderr, code } = await run('own-logger.mjs', inEnvironment());
    expect(code, stderr).to.equal(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).message)).to.include.members(['Sync finished', 'Synced']);
    expect(stderr).to.equal('');
  });

  for (const [example, path, headers] of [
    ['express.mjs', '/healthz', {}],
    ['node-http.mjs', '/', {}],
    ['fastify.mjs', '/exchange-sync/healthz', { authorization: 'Bearer let-me-in' }],
  ] as const) {
    it(`${example} serves until it is told to end`, async () => {
      const { child, texts, code } = start(example, {
        ...inEnvironment(),
        API_TOKEN: 'let-me-in',
        PORT: '0',
        EXCHANGE_SYNC_ENABLED: 'true',
      });
      try {
        const port = await until('the port', () => /listening at .*?(\d+)("|$)/im.exec(texts.stdout)?.[1]);
        const ask = (where: string) => fetch(`http://127.0.0.1:${port}${where}`, { headers });
        await until('health', async () => (await ask(path)).status === 200);
        if (example !== 'node-http.mjs') {
          const worth = await until('the first sync', async () => {
            const values = (await (await ask('/worth')).json()) as { quoteCurrency: string }[];
            return values[0];
          });
          expect(worth.quoteCurrency).to.equal('USDT');
        }
        if (example === 'fastify.mjs') {
          const refused = await fetch(`http://127.0.0.1:${port}${path}`);
          expect(refused.status).to.equal(401);
          expect(await refused.json()).to.include({ code: 'REQUEST_REFUSED' });
        }
      } finally {
        child.kill('SIGTERM');
        expect(await code, texts.stderr).to.equal(0);
      }
    });
  }

  it('queries.sql answers each of its questions', async () => {
    await run('own-credentials.mjs', { SECRET_STORE: JSON.stringify({ 'bybit/main': key() }) });
    const text = await readFile(join(EXAMPLES, 'queries.sql'), 'utf8');
    const questions = text.split(/;\s*$/m).filter((statement) => /\bSELECT\b/.test(statement));
    expect(questions).to.have.length(11);
    const answers = await test.database.transaction(async (transaction) => {
      await transaction.query(`SET LOCAL search_path = "${test.schema}"`);
      const counts: number[] = [];
      for (const question of questions) counts.push((await transaction.query(question)).rowCount);
      return counts;
    });
    // Of the mirror: all but the last, for nothing failed last night.
    expect(answers.slice(0, 6).map((count) => count > 0)).to.deep.equal([
      true,
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});
