import { expect } from 'chai';
import { startSimulator } from '#src/simulator/simulator.js';
import { useTestDatabase } from '../../support/postgres.js';
import { simulatedEngine, simulatedSettings } from './simulated-engine.js';

const DAY = 24 * 60 * 60 * 1000;

describe('a run in which nothing has happened', function () {
  this.timeout(120_000);
  const test = useTestDatabase();

  it('asks for each list that can have something once, and for no symbol', async () => {
    const accounts = (['bybit', 'binance'] as const).map((exchange) => ({
      exchange,
      account: 'main',
      holdings: [],
      history: { fills: 20 },
    }));
    const simulator = await startSimulator({ historyMs: 6 * DAY, plan: { accounts } });
    const openedMs = Date.now() - 6 * DAY;
    const { engine } = await simulatedEngine(
      simulator,
      simulatedSettings(simulator, test.settings, {
        accountOpenings: { 'bybit/main': openedMs, 'binance/main': openedMs },
      }),
    );
    try {
      await engine.backfill({ allSymbols: false });
      // The balances were seen to change a while ago.
      await test.database.query(
        `UPDATE "${test.schema}".exchange_balances SET updated_at = updated_at - interval '1 hour'`,
      );
      const requests: Record<string, Record<string, number | undefined>> = {};
      for (const exchange of ['bybit', 'binance']) {
        requests[exchange] = {};
        for (const dataType of ['transfers', 'ledger', 'trades'] as const) {
          const [report] = await engine.triggerSync(exchange, 'main', dataType);
          expect(report).to.include({ status: 'ok' });
          Object.assign(requests[exchange] ?? {}, { [dataType]: report?.requests });
        }
      }
      expect(requests).to.deep.equal({
        bybit: { transfers: 5, ledger: 2, trades: 4 },
        binance: { transfers: 28, ledger: 5, trades: 0 },
      });
    } finally {
      await engine.stop(1_000);
      await simulator.stop();
    }
  });
});
