import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import { createEngine, type Engine } from '#src/engine/engine.js';
import type { EngineOptions } from '#src/engine/engine-options.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { LeaseRepository } from '#src/storage/lease-repository.js';
import { everyInterval } from '../support/intervals.js';
import { useTestDatabase } from '../support/postgres.js';
import { silentLogger } from '../support/silent-logger.js';
import { until } from '../support/until.js';

const HOUR = 3_600_000;

describe('an engine', () => {
  let simulator: Simulator;
  let engine: Engine;
  let reported: string[];

  // Before the schema is given back: hooks run in the order in which they are set.
  afterEach(async () => {
    await engine.stop(1_000);
    await simulator.stop();
  });

  const test = useTestDatabase();

  beforeEach(async () => {
    reported = [];
    simulator = await startSimulator();
  });

  async function start(options: Pick<EngineOptions, 'mode' | 'clock'>): Promise<void> {
    const keys = simulator.accounts.find(
      ({ exchange, account }) => exchange === 'bybit' && account === 'main',
    );
    engine = await createEngine({
      settings: {
        exchanges: [
          {
            id: 'bybit',
            connection: { testnet: false, proxyUrl: simulator.proxyUrl('bybit') },
            accountConnections: {},
          },
        ],
        schedule: { enabled: true, intervalMs: everyInterval(HOUR) },
        database: test.settings,
        logging: { level: 'INFO', consoleLevel: 'INFO', directory: '' },
        vault: { file: '/nonexistent/vault.json' },
        quoteCurrency: 'USDT',
        costBasisMethod: 'average',
        historyRetentionDays: 90,
        accountOpenings: {},
        snapshots: { fullDays: 7, hourlyDays: 90 },
      },
      ...options,
      host: {
        credentials: {
          accounts: async () => ['main'],
          resolve: async () => keys && { credentials: keys.credentials, source: 'test' },
        },
        logger: silentLogger,
        emit: ({ name }) => reported.push(name),
      },
    });
  }

  const trigger = async () => (await engine.triggerSync('bybit', 'main', 'balances'))[0];
  const count = async (table: string) => {
    const { rowCount } = await test.database.query(`SELECT FROM "${test.schema}".${table}`);
    return rowCount;
  };

  it('skips what is triggered while another process is at it: asks and writes nothing, and names that one', async () => {
    await start({ mode: 'on-demand' });
    const leases = new LeaseRepository({ schema: test.schema });
    const answer = await test.database.transaction((transaction) =>
      leases.acquire(transaction, {
        ...{ exchange: 'bybit', account: 'main', dataType: 'balances' },
        ...{ owner: 'process 7 on elsewhere', durationMs: HOUR },
      }),
    );
    if (answer.kind !== 'acquired') throw new Error('nobody else has the lease');

    const skipped = await trigger();
    expect(skipped?.status).to.equal('skipped');
    expect(skipped?.errors[0]).to.include({ code: 'LEASE_HELD' });
    expect(skipped?.errors[0]?.message).to.include('process 7 on elsewhere');
    expect(simulator.requests.counts()).to.deep.equal([]);
    expect(await count('sync_history')).to.equal(0);
    expect(await count('exchange_balances')).to.equal(0);
    expect(reported).to.deep.equal(['sync:report']);

    await leases.release(test.database, answer.lease);
    expect((await trigger())?.status).to.equal('ok');
    expect(await count('sync_history')).to.equal(1);
    const { rows } = await test.database.query(`SELECT owner, expires_at FROM "${test.schema}".sync_leases`);
    expect(rows).to.deep.equal([{ owner: null, expires_at: null }]);
  });

  it('stores due times and leases by the clock of the database when its own is a day ahead', async () => {
    await start({
      mode: 'service',
      clock: { now: () => Date.now() + 24 * HOUR, sleep: (...wait) => systemClock.sleep(...wait) },
    });
    const stored = async () => {
      const { rows } = await test.database.query<{ dueInMs: number }>(
        `SELECT (extract(epoch FROM next_sync - now()) * 1000)::float8 AS "dueInMs"
         FROM "${test.schema}".sync_status WHERE data_type = 'balances' AND next_sync IS NOT NULL`,
      );
      return rows[0]?.dueInMs;
    };
    const dueInMs = await until('the first scheduled sync', stored);
    expect(dueInMs).to.be.within(HOUR / 2, HOUR);
    const { rows: leases } = await test.database.query(
      `SELECT FROM "${test.schema}".sync_leases WHERE expires_at > now() + INTERVAL '1 minute'`,
    );
    expect(leases).to.deep.equal([]);
  });
});
