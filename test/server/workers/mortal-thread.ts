import { BroadcastChannel } from 'node:worker_threads';
import '#src/bridge/thread.js';

/* The real worker, which ends when a test says so. */

const channel = new BroadcastChannel('exchange-sync-test: end the worker');
channel.onmessage = () => process.exit(9);
