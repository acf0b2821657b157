/*
 * The simulator as a process of its own. It writes one line of JSON to stdout, `SimulatorReady`, and sends
 * the same to its parent when it was forked. It ends when its parent goes away (the IPC channel or stdin
 * closes, where it is a pipe), or on SIGINT or SIGTERM.
 *
 *   node dist/simulator/main.js [seed] [--preset demo|million] [--fills 1000000] [--days 700]
 *
 * `--fills` is for the preset `million`; `--days` is how long ago the accounts were opened.
 */
import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type SimulatedCredentials, type SimulatorOptions, startSimulator } from './simulator.js';
import { MILLION_HISTORY_MS, millionPlan } from './world/presets/million.js';

export interface SimulatorReady {
  readonly url: string;
  readonly proxyUrls: Readonly<Record<string, string>>;
  readonly accounts: readonly SimulatedCredentials[];
}

const DAY_MS = 24 * 60 * 60_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    preset: { type: 'string', default: 'demo' },
    fills: { type: 'string', default: '1000000' },
    days: { type: 'string' },
  },
});
const [seed = 'demo'] = positionals;
const simulator = await startSimulator({ seed, ...presetOptions() });
const ready: SimulatorReady = {
  url: simulator.url,
  proxyUrls: Object.fromEntries(
    simulator.accounts.map(({ exchange }) => [exchange, simulator.proxyUrl(exchange)]),
  ),
  accounts: simulator.accounts,
};

function presetOptions(): SimulatorOptions {
  const age = values.days === undefined ? {} : { historyMs: wholeNumber('days', values.days) * DAY_MS };
  switch (values.preset) {
    case 'demo':
      return age;
    case 'million':
      return {
        plan: millionPlan(wholeNumber('fills', values.fills)),
        historyMs: MILLION_HISTORY_MS,
        ...age,
      };
    default:
      throw new RangeError(`--preset must be demo or million, not ${values.preset}`);
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`--${name} must be a whole number above 0, not ${text}`);
}

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
