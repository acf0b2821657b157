// A host that syncs an account of 200 assets twice and asks the simulator what it was asked.
import { exchangeDataSynchronizer } from '../../dist/index.js';
import { optionsFor, startSimulatedExchanges } from './simulated-host.mjs';

const [exchange] = process.argv.slice(2);
const simulator = await startSimulatedExchanges('./wide-simulator.mjs');

async function countedSync() {
  await simulator.control('DELETE', 'requests');
  const reports = await exchangeDataSynchronizer.triggerSync(exchange);
  const { total, requests } = await simulator.control('GET', 'requests');
  return { total, requests, statuses: reports.map(({ dataType, status }) => `${dataType} ${status}`) };
}

await exchangeDataSynchronizer.start(optionsFor(simulator, [exchange]));
const first = await countedSync();
const second = await countedSync();
const { dataTypes } = await exchangeDataSynchronizer.status();
const scopes = dataTypes
  .filter(({ dataType }) => dataType !== 'portfolio')
  .reduce((count, row) => count + row.scopes.length, 0);
await exchangeDataSynchronizer.stop();
await simulator.stop();
console.log(JSON.stringify({ first, second, scopes }));
