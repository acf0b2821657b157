import { runNode } from './child.mjs';

/** The demo in an empty directory: nothing of an earlier run is there. */
export async function measureDemo() {
  const { stdout, code, wallMs } = await runNode('dist/cli/main.js', ['demo', '--json']);
  const { reports, differences } = JSON.parse(stdout);
  const second = reports.slice(reports.length / 2);
  const from = Math.min(...second.map(({ startedAt }) => Date.parse(startedAt)));
  const to = Math.max(...second.map(({ finishedAt }) => Date.parse(finishedAt)));
  return [
    { figure: 'demo, cold, wall time', value: `${wallMs} ms`, bound: 'under 20 000 ms' },
    { figure: 'demo, second round of syncs', value: `${to - from} ms`, bound: 'under 3 000 ms' },
    { figure: 'demo, differences between database and truth', value: differences.length, bound: '0' },
    { figure: 'demo, exit code', value: code, bound: '0' },
  ];
}
