import { runNode } from './child.mjs';

/** How much later than planned the host's event loop comes to its timers, with nothing to do and during syncs. */
export async function measureEventLoop() {
  const { stdout } = await runNode('scripts/figures/busy-host.mjs');
  const { idleP99Ms, syncingP99Ms, rounds } = JSON.parse(stdout);
  return [
    { figure: "host's event-loop delay, p99, idle", value: `${idleP99Ms.toFixed(1)} ms` },
    {
      figure: `host's event-loop delay, p99, during ${rounds} full syncs`,
      value: `${syncingP99Ms.toFixed(1)} ms`,
      bound: 'within 5 ms of idle',
    },
  ];
}
