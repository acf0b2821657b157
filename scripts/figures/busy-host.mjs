// A host that measures its own event loop: idle first, then while the synchronizer works in its worker.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchangeDataSynchronizer } from '../../dist/index.js';
import { optionsFor, startSimulatedExchanges } from './simulated-host.mjs';

const IDLE_MS = 3_000;
const ROUNDS = 10;
const EXCHANGES = ['bybit', 'binance'];

async function p99During(work) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await work();
  delay.disable();
  return delay.percentile(99) / 1e6;
}

const simulator = await startSimulatedExchanges('../../dist/simulator/main.js');
await exchangeDataSynchronizer.start(optionsFor(simulator, EXCHANGES));
const syncAll = () =>
  Promise.all(EXCHANGES.map((exchange) => exchangeDataSynchronizer.triggerSync(exchange)));
// Code is compiled and markets are loaded in the worker now, as in a service that runs for days.
await syncAll();

const idleP99Ms = await p99During(() => sleep(IDLE_MS));
const syncingP99Ms = await p99During(async () => {
  for (let round = 0; round < ROUNDS; round += 1) await syncAll();
});
await exchangeDataSynchronizer.stop();
await simulator.stop();
console.log(JSON.stringify({ idleP99Ms, syncingP99Ms, rounds: ROUNDS }));
