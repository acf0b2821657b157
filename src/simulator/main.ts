/*
 * The simulator as a process of its own. It writes one line of JSON to stdout, `SimulatorReady`, and sends
 * the same to its parent when it was forked. It ends when its parent goes away (the IPC channel or stdin
 * closes, where it is a pipe), or on SIGINT or SIGTERM.
 *
 *   node dist/simulator/main.js [seed]
 */
import { fstatSync } from 'node:fs';
import { type SimulatedCredentials, startSimulator } from './simulator.js';

export interface SimulatorReady {
  readonly url: string;
  readonly proxyUrls: Readonly<Record<string, string>>;
  readonly accounts: readonly SimulatedCredentials[];
}

const [seed = 'demo'] = process.argv.slice(2);
const simulator = await startSimulator({ seed });
const ready: SimulatorReady = {
  url: simulator.url,
  proxyUrls: Object.fromEntries(
    simulator.accounts.map(({ exchange }) => [exchange, simulator.proxyUrl(exchange)]),
  ),
  accounts: simulator.accounts,
};

let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  await simulator.stop();
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(signal, () => void stop());
// Without an IPC channel a pipe's end tells that the parent is gone; a terminal or /dev/null tells nothing.
const stdin = fstatSync(0);
if (process.send === undefined && (stdin.isFIFO() || stdin.isSocket())) {
  process.stdin.on('end', () => void stop()).resume();
}

process.stdout.write(`${JSON.stringify(ready)}\n`);
process.send?.(ready);
