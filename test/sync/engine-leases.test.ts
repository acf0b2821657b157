import { expect } from 'chai';
import type { SyncedDataType } from '#src/domain/data-type.js';
import { createEngine, type Engine } from '#src/engine.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { LeaseRepository } from '#src/storage/lease-repository.js';
import { useTestDatabase } from '../support/postgres.js';
import { silentLogger } from '../support/silent-logger.js';

const HOUR = 3_600_000;

describe('an engine whose account another process is syncing', () => {
  const test = useTestDatabase();
  let simulator: Simulator;
  let engine: Engine;
  let reported: string[];

  beforeEach(async () => {
    reported = [];
    simulator = await startSimulator();
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
        schedule: { enabled: false, intervalMs: everyHour() },
        database: test.settings,
        logging: { level: 'INFO', consoleLevel: 'INFO', directory: '' },
        vault: { file: '/nonexistent/vault.json' },
        quoteCurrency: 'USDT',
        historyRetentionDays: 90,
      },
      mode: 'on-demand',
      host: {
        credentials: {
          accounts: async () => ['main'],
          resolve: async () => keys && { credentials: keys.credentials, source: 'test' },
        },
        logger: silentLogger,
        emit: ({ name }) => reported.push(name),
      },
    });
  });

  afterEach(async () => {
    await engine.stop(1_000);
    await simulator.stop();
  });

  const trigger = async () => (await engine.triggerSync('bybit', 'main', 'balances'))[0];
  const count = async (table: string) => {
    const { rowCount } = await test.database.query(`SELECT FROM "${test.schema}".${table}`);
    return rowCount;
  };

  it('skips what is triggered, asks and writes nothing, and names who is at it', async () => {
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
});

function everyHour(): Readonly<Record<SyncedDataType, number>> {
  return { balances: HOUR, positions: HOUR, orders: HOUR, prices: HOUR, portfolio: HOUR };
}
