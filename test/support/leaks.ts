import { subscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';

/*
 * Loaded by mocha before all tests. What a test leaves behind (a thread, a socket, a server, a child process, a
 * timer) would keep a host alive; it fails the run, and is named.
 */

/** Of mocha itself and of the standard streams. */
const OWN: ReadonlySet<string> = new Set(['PipeWrap', 'TTYWrap', 'TickObject', 'Immediate']);

/** Node lists every other resource by itself. */
const threads = new Set<Worker>();
subscribe('worker_threads', (message) => {
  const { worker } = message as { readonly worker: Worker };
  threads.add(worker);
  worker.once('exit', () => threads.delete(worker));
});

/** For what is closed already and only has to be told so by the system. */
const GRACE_MS = 3_000;
const LOOK_EVERY_MS = 50;

export async function mochaGlobalTeardown(): Promise<void> {
  let left = leftBehind();
  for (let waitedMs = 0; left.length > 0 && waitedMs < GRACE_MS; waitedMs += LOOK_EVERY_MS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    left = leftBehind();
  }
  if (left.length === 0) return;
  process.stderr.write(`\nThe tests left behind: ${left.join(', ')}\n`);
  // Not by an exit code: what is left behind would keep this process alive.
  process.exit(1);
}

function leftBehind(): readonly string[] {
  const resources = process.getActiveResourcesInfo().filter((resource) => !OWN.has(resource));
  return [...resources, ...Array.from(threads, ({ threadId }) => `worker thread ${threadId}`)];
}
