import { expect } from 'chai';
import { startSimulator } from '#src/simulator/simulator.js';
import { useTestDatabase } from '../../support/postgres.js';
import { simulatedEngine, simulatedSettings } from './simulated-engine.js';

const DAY = 24 * 60 * 60 * 1000;

/** What bybit answers with one request, none of which has a hundred of the fills. */
const WINDOW_DAYS = 7;

/** Spot, linear, inverse, option. */
const LISTS = 4;

describe('fills around a quiet gap', function () {
  this.timeout(60_000);
  const test = useTestDatabase();

  it('are all found, with no more requests than windows, further pages and one per list', async () => {
    const simulator = await startSimulator({
      historyMs: 60 * DAY,
      plan: {
        accounts: [
          {
            exchange: 'bybit',
            account: 'main',
            holdings: [],
            history: { fills: 135, gaps: [{ fromDay: 25, days: 16 }], plain: true, symbols: ['BTC/USDT'] },
          },
        ],
      },
    });
    const openedAtMs = Date.now() - 60 * DAY;
    const { engine } = await simulatedEngine(
      simulator,
      simulatedSettings(simulator, test.settings, { accountOpenings: { 'bybit/main': openedAtMs } }),
    );
    try {
      const [report] = await engine.triggerSync('bybit', 'main', 'trades');
      expect(report).to.deep.include({ status: 'ok', itemsProcessed: 135, itemsSynced: 135, errors: [] });
      const truth = [...simulator.history('bybit', 'main').fills()].map(({ tradeId }) => tradeId);
      const { database, schema } = test;
      const { rows } = await database.query(`SELECT trade_id FROM "${schema}".exchange_trades`);
      expect(rows.map(({ trade_id }) => trade_id))
        .to.have.members(truth)
        .and.have.length(135);
      const asked = simulator.requests.counts().find(({ path }) => path === '/v5/execution/list');
      const windows = Math.ceil(60 / WINDOW_DAYS);
      expect(asked?.count).to.be.at.most(LISTS * (windows + 1));
      const { rows: ranges } = await database.query<{ state: string; days: string }>(
        `SELECT state, round(extract(epoch FROM to_at - from_at) / 86400) AS days FROM "${schema}".sync_coverage`,
      );
      expect(ranges).to.deep.equal(Array.from({ length: LISTS }, () => ({ state: 'complete', days: '60' })));
    } finally {
      await engine.stop(1_000);
      await simulator.stop();
    }
  });
});
