import { median, runNode } from './child.mjs';

const RUNS = 9;

/** What a host pays for the import, in processes of their own. */
export async function measureImport() {
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) {
    runs.push(JSON.parse((await runNode('scripts/figures/importing-host.mjs')).stdout));
  }
  // Watching takes time, so that a run of its own tells what was loaded.
  const watched = await runNode('scripts/figures/importing-host.mjs', ['--watch']);
  const { packages, scripts } = JSON.parse(watched.stdout);
  const heavy = ['ccxt', 'pg', 'winston'].filter((name) => packages.includes(name));
  return [
    {
      figure: `import of the package in a host, median of ${RUNS}`,
      value: `${median(runs.map(({ importMs }) => importMs)).toFixed(1)} ms`,
      bound: 'under 40 ms',
    },
    { figure: 'scripts that the import compiles', value: scripts },
    { figure: 'of ccxt, pg and winston loaded by it', value: heavy.length === 0 ? 'none' : heavy.join(', ') },
    { figure: 'packages loaded by it', value: packages.join(', ') || 'none' },
  ];
}
