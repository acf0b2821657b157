// Backfills an account with a million fills through the real command line, kills it with SIGKILL at random moments,
// lets it go on each time, and compares every row with the truth:
//   npm run figures:backfill -- [fills] [kills] [seed] [trades|ledger|transfers]
// With a type only those rows are read, and nothing is proved.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { MILLION_HISTORY_MS } from '../dist/simulator/world/presets/million.js';
import { seededRandom } from '../dist/simulator/world/random.js';
import { startSimulatedExchanges } from './figures/simulated-host.mjs';
import { compareHistory } from './killed-backfill/compare-history.mjs';
import { startDatabase } from './killed-backfill/database.mjs';

const CLI = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const [fills = 1_000_000, kills = 20] = process.argv.slice(2, 4).map(Number);
const seed = process.argv[4] ?? 'killed';
const type = process.argv[5];
const random = seededRandom(seed);

const directory = await mkdtemp(join(tmpdir(), 'exchange-sync-killed-'));
// Started by root, the database server is another user, whose data would lie elsewhere and stay behind.
await chmod(directory, 0o755);
const database = await startDatabase(directory);
const simulated = await startSimulatedExchanges('../../dist/simulator/main.js', [
  ...[seed, '--preset', 'million', '--fills', String(fills)],
]);
const [{ exchange, account, credentials }] = simulated.accounts;
try {
  const { exchanges } = await simulated.control('GET', 'truth');
  const { happened } = exchanges[exchange].accounts[account];
  const lists = { trades: 'fills', transfers: 'transfers', ledger: 'ledger' };
  const read = type === undefined ? Object.values(lists) : [lists[type]];
  const rows = read.reduce((sum, list) => sum + happened[list], 0);
  console.log(
    `${happened.fills} fills, ${happened.ledger} ledger rows, ${happened.transfers} transfers; seed ${seed}`,
  );
  const peaks = await backfillDespiteKills(rows);
  const proof = type === undefined ? await run('proof', ['--json']) : undefined;
  const outcomes = (await compare()).filter(({ list }) => read.includes(list));
  for (const { list, truth, stored, lost, tooMany } of outcomes) {
    console.log(`${list.padEnd(9)} true ${truth}, stored ${stored}, lost ${lost}, too many ${tooMany}`);
  }
  if (proof !== undefined) {
    const assets = JSON.parse(proof.stdout).assets.map(({ asset, state }) => `${asset} ${state}`);
    console.log(`proof: exit code ${proof.code}: ${assets.join(', ')}`);
    if (proof.code !== 0) process.exitCode = 1;
  }
  console.log(`peak RSS: ${Math.min(...peaks)} to ${Math.max(...peaks)} MB in ${peaks.length} runs`);
  if (outcomes.some(({ lost, tooMany }) => lost + tooMany > 0)) process.exitCode = 1;
} finally {
  await simulated.stop();
  await database.stop();
  await rm(directory, { recursive: true, force: true });
}

/** The peak RSS of each process, in MB. */
async function backfillDespiteKills(rows) {
  // Moments of the work, not of time: how long it takes is known afterwards.
  const moments = Array.from({ length: kills }, () => random.between(0, 9_700) / 10_000);
  const peaks = [];
  for (const moment of [...moments.sort((left, right) => left - right), Number.POSITIVE_INFINITY]) {
    const before = await storedRows();
    const { code, signal, stderr, peakMb, seconds } = await runUntil(moment * rows, before);
    const stored = await storedRows();
    peaks.push(peakMb);
    console.log(
      [
        `run ${String(peaks.length).padStart(2)}`,
        (signal === null ? `exit code ${code}` : 'killed').padEnd(11),
        `${Math.round(seconds)} s`.padStart(7),
        `${stored - before} rows`.padStart(13),
        `${Math.floor((stored / rows) * 100)} %`.padStart(6),
        `peak RSS ${peakMb} MB`,
      ].join('  '),
    );
    if (signal !== null) continue;
    if (code !== 0) throw new Error(`the backfill ended with ${code}: ${stderr}`);
    break;
  }
  return peaks;
}

/** Runs the command until so many rows are stored, and a little longer. */
async function runUntil(rows, before) {
  const startedMs = performance.now();
  const child = start('backfill', type === undefined ? [] : ['--type', type]);
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr = (stderr + text).slice(-2_000);
  });
  const exited = once(child, 'exit');
  let [peakMb, stored, isDoomed] = [0, before, false];
  for await (const line of createInterface({ input: child.stdout })) {
    const chunk = JSON.parse(line);
    if (chunk.type !== 'chunk' || isDoomed) continue;
    peakMb = Math.max(peakMb, await peakOf(child.pid));
    stored += chunk.rows;
    if (stored < rows) continue;
    isDoomed = true;
    // Anywhere between two pages, or in the midst of a commit.
    void sleep(random.between(0, 300)).then(() => child.kill('SIGKILL'));
  }
  const [code, signal] = await exited;
  return { code, signal, stderr, peakMb, seconds: (performance.now() - startedMs) / 1000 };
}

/** Runs a command to its end. */
async function run(command, args) {
  const child = start(command, args);
  const exited = once(child, 'exit');
  let stdout = '';
  for await (const text of child.stdout) stdout += text;
  const [code] = await exited;
  return { code, stdout };
}

function start(command, args = []) {
  return spawn(process.execPath, [CLI, command, ...args], {
    cwd: directory,
    env: {
      PATH: process.env.PATH,
      HOME: directory,
      DATABASE_URL: database.url,
      EXCHANGE_SYNC_EXCHANGES: exchange,
      EXCHANGE_SYNC_LOG_LEVEL: 'ERROR',
      BYBIT_API_KEY: credentials.apiKey,
      BYBIT_API_SECRET: credentials.secret,
      BYBIT_PROXY_URL: simulated.proxyUrls[exchange],
      BYBIT_OPENED_ON: new Date(Date.now() - MILLION_HISTORY_MS).toISOString().slice(0, 10),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** The kernel's own high-water mark. */
async function peakOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024);
}

async function storedRows() {
  return await withClient(async (client) => {
    const { rows } = await client.query(`SELECT to_regclass('exchange_trades') IS NOT NULL AS made`);
    if (!rows[0].made) return 0;
    const counted = await client.query(
      `SELECT (SELECT count(*) FROM exchange_trades) + (SELECT count(*) FROM exchange_ledger)
         + (SELECT count(*) FROM exchange_transfers) AS count`,
    );
    return Number(counted.rows[0].count);
  });
}

async function compare() {
  const urlOf = (list) =>
    `${simulated.url}/control/history?exchange=${exchange}&account=${account}&list=${list}`;
  return await withClient((client) => compareHistory(client, urlOf));
}

async function withClient(work) {
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
