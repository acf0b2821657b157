import { expect } from 'chai';
import type { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { type Simulator, type SimulatorOptions, startSimulator } from '#src/simulator/simulator.js';
import { hourPrice } from '#src/simulator/world/candles.js';
import { demoPlan } from '#src/simulator/world/presets/demo.js';
import { okxPlan } from '#src/simulator/world/presets/okx.js';
import { readContext, rejection } from './support/managed.js';
import { simulatedManager } from './support/simulated-manager.js';

const HOUR = 3_600_000;
const BTC = { base: 'BTC', quote: 'USDT' };

interface Served {
  readonly exchange: string;
  readonly plan: SimulatorOptions['plan'];
  /** How many hours one request gives. */
  readonly hours: number;
  readonly path: string;
  /** Success, and no list. */
  readonly hollow: string;
}

const SERVED: readonly Served[] = [
  {
    exchange: 'bybit',
    plan: demoPlan,
    hours: 1000,
    path: '/v5/market/kline',
    hollow: '{"retCode":0,"result":{}}',
  },
  { exchange: 'binance', plan: demoPlan, hours: 1000, path: '/api/v3/klines', hollow: '{}' },
  {
    exchange: 'okx',
    plan: okxPlan,
    hours: 100,
    path: '/api/v5/market/history-candles',
    hollow: '{"code":"0","msg":""}',
  },
];

for (const { exchange, plan, hours, path, hollow } of SERVED) {
  describe(`past prices of a simulated ${exchange}`, () => {
    let simulator: Simulator;
    let manager: ExchangeManager;

    beforeEach(async () => {
      simulator = await startSimulator({ seed: 'hours', ...(plan && { plan }) });
      manager = simulatedManager({ simulator, exchange });
    });
    afterEach(async () => {
      await manager.close();
      await simulator.stop();
    });

    const read = async (fromMs: number, market = BTC) => {
      const client = await manager.marketData(exchange, readContext());
      return client.readHourPrices(market, fromMs, readContext());
    };
    const lastHour = () => Math.floor(Date.now() / HOUR) * HOUR;
    const truth = (fromMs: number, count: number) => {
      const market = simulator.world.marketsOf(exchange, 'spot').find(({ symbol }) => symbol === 'BTC/USDT');
      if (market === undefined) throw new Error('there is no such market');
      return Array.from({ length: count }, (_, index) => {
        const hourMs = fromMs + index * HOUR;
        return [hourMs, Number(hourPrice(market, hourMs))];
      });
    };
    const shown = (prices: readonly { hourMs: number; price: string }[]) =>
      [...prices]
        .sort((left, right) => left.hourMs - right.hourMs)
        .map(({ hourMs, price }) => [hourMs, Number(price)]);

    it('are a whole page of a long time ago, each hour once, as they were', async () => {
      const fromMs = lastHour() - 5000 * HOUR;
      const found = await read(fromMs);
      expect(found.hours).to.equal(hours);
      expect(shown(found.prices)).to.deep.equal(truth(fromMs, hours));
    });

    it('end with the hour that is now', async () => {
      const fromMs = lastHour() - 3 * HOUR;
      expect(shown((await read(fromMs)).prices)).to.deep.equal(truth(fromMs, 4));
    });

    it('are none of a market that the exchange does not have', async () => {
      expect((await read(lastHour() - 3 * HOUR, { base: 'NOPE', quote: 'USDT' })).prices).to.deep.equal([]);
    });

    it('are not taken to be none where the answer is not whole', async () => {
      const fromMs = lastHour() - 5000 * HOUR;
      await read(fromMs);
      simulator.faults.add({ match: { path }, effect: { kind: 'respond', status: 200, body: hollow } });
      expect((await rejection(read(fromMs))).code).to.equal('EXCHANGE_BAD_RESPONSE');
    });

    it('are not taken to be none where a row is no candle', async () => {
      const fromMs = lastHour() - 5000 * HOUR;
      await read(fromMs);
      const body = candleWithoutPrice(exchange, fromMs);
      simulator.faults.add({ match: { path }, effect: { kind: 'respond', status: 200, body } });
      expect((await rejection(read(fromMs))).code).to.equal('EXCHANGE_BAD_RESPONSE');
    });
  });
}

function candleWithoutPrice(exchange: string, hourMs: number): string {
  const row = [String(hourMs), '', '1', '1', '1', '1', '1', '1', '1'];
  if (exchange === 'binance') return JSON.stringify([[hourMs, ...row.slice(1)]]);
  if (exchange === 'okx') return JSON.stringify({ code: '0', msg: '', data: [row] });
  const result = { category: 'spot', symbol: 'BTCUSDT', list: [row] };
  return JSON.stringify({ retCode: 0, retMsg: 'OK', result });
}
