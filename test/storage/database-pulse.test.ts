import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { DatabasePulse } from '#src/storage/database-pulse.js';
import { type FreezableProxy, startFreezableProxy } from '../support/freezable-proxy.js';
import { ManualClock } from '../support/manual-clock.js';
import { useTestDatabase } from '../support/postgres.js';

const schemaReady = async () => undefined;

describe('DatabasePulse', () => {
  const test = useTestDatabase();

  it('finds a database that runs statements', async () => {
    const pulse = new DatabasePulse({ database: test.database, schemaReady, clock: systemClock });
    expect(await pulse.check(10_000)).to.include({ ok: true });
  });

  it('says what is wrong with the schema', async () => {
    const tooNew = async () => {
      throw new ExchangeSyncError('SCHEMA_TOO_NEW', 'made by a later version');
    };
    const pulse = new DatabasePulse({ database: test.database, schemaReady: tooNew, clock: systemClock });
    expect(await pulse.check(10_000)).to.deep.equal({
      ok: false,
      code: 'SCHEMA_TOO_NEW',
      message: 'made by a later version',
    });
  });

  it('says that nobody is there', async () => {
    const database = test.connect({ settings: { ...test.settings, port: 1 } });
    const pulse = new DatabasePulse({ database, schemaReady, clock: systemClock });
    const health = await pulse.check(10_000);
    expect(health).to.include({ ok: false, code: 'DATABASE_UNAVAILABLE' });
    expect(health).to.have.property('message').that.includes(':1/');
  });

  describe('of a database that is silent', () => {
    let proxy: FreezableProxy;

    beforeEach(async () => {
      proxy = await startFreezableProxy(test.settings);
    });
    afterEach(() => proxy.close());

    it('answers at the deadline, and asks only once however often it is asked', async () => {
      const database = test.connect({
        settings: { ...test.settings, host: '127.0.0.1', port: proxy.port },
        maxConnections: 1,
      });
      await database.query('SELECT 1');
      const clock = new ManualClock();
      const asked: string[] = [];
      const counted = {
        query: async <Row>(text: string) => {
          asked.push(text);
          return await database.query<Row>(text);
        },
      };
      const pulse = new DatabasePulse({ database: counted, schemaReady, clock });
      proxy.freeze();
      for (let second = 0; second < 3; second += 1) {
        const health = pulse.check(500);
        await clock.advance(500);
        expect(await health).to.include({ ok: false, code: 'DATABASE_UNAVAILABLE' });
      }
      expect(asked).to.deep.equal(['SELECT 1']);
    });
  });
});
