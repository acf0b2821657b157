// Simulated exchanges with one account that holds 200 assets.
import { startSimulator } from '../../dist/simulator/simulator.js';
import { widePlan } from '../../dist/simulator/world/presets/wide.js';

const simulator = await startSimulator({ plan: widePlan({ assets: 200 }) });
process.on('disconnect', async () => {
  await simulator.stop();
  process.exit(0);
});
const proxyUrls = Object.fromEntries(['bybit', 'binance'].map((id) => [id, simulator.proxyUrl(id)]));
process.send({ url: simulator.url, proxyUrls, accounts: simulator.accounts });
