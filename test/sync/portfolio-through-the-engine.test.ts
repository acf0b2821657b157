import { expect } from 'chai';
import { add, compare } from '#src/ledger/decimal.js';
import { startSimulator } from '#src/simulator/simulator.js';
import { hourPrice } from '#src/simulator/world/candles.js';
import { useTestDatabase } from '../support/postgres.js';
import { simulatedEngine, simulatedSettings } from './history/simulated-engine.js';

describe('what is held of a simulated account', () => {
  const test = useTestDatabase();

  it('adds up of known and unknown cost, with past prices as the exchange had them', async () => {
    const simulator = await startSimulator();
    const settings = simulatedSettings(simulator, { ...test.database.settings, schema: test.schema });
    const { engine } = await simulatedEngine(simulator, settings);
    try {
      for (const dataType of ['prices', 'balances', 'trades', 'portfolio'] as const) {
        await engine.triggerSync('bybit', 'main', dataType);
      }
      const { items } = await engine.portfolio({ exchange: 'bybit', account: 'main' });
      for (const { asset, quantity, basisKnownQuantity, basisUnknownQuantity } of items) {
        const sum = add(basisKnownQuantity ?? 'none', basisUnknownQuantity ?? 'none');
        expect(compare(sum, quantity), asset).to.equal(0);
      }
      expect(items.filter(({ avgEntryPrice }) => avgEntryPrice !== null)).to.have.length.above(4);
      const { rows } = await test.database.query<{ market: string; time: Date; price: string }>(
        `SELECT base || '/' || quote AS market, time, price FROM "${test.schema}".price_history`,
      );
      expect(rows).to.have.length.above(500);
      const markets = new Map(simulator.world.marketsOf('bybit', 'spot').map((one) => [one.symbol, one]));
      for (const { market, time, price } of rows) {
        const truth = markets.get(market);
        expect(truth, market).to.not.equal(undefined);
        if (truth) expect(compare(price, hourPrice(truth, time.getTime())), market).to.equal(0);
      }
    } finally {
      await engine.stop(5000);
      await simulator.stop();
    }
  });
});
