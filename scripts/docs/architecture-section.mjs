import { cruiseSources, isTypeOnly, roomOf } from '../layers/cruise.mjs';
import { FLOORS, LOADS, OWNERS, ROOMS } from '../layers/house.mjs';
import { rules } from '../layers/rules.mjs';
import { code, table } from './markdown.mjs';

/** `Map<room, Map<room, 'value' | 'type'>>`: who imports whom, straight from the sources. */
async function roomImports(directory) {
  const { modules } = await cruiseSources(directory);
  const imports = new Map();
  for (const { source, dependencies } of modules) {
    const from = roomOf(source);
    if (!imports.has(from)) imports.set(from, new Map());
    for (const dependency of dependencies) {
      const to = roomOf(dependency.resolved);
      if (to === undefined || to === from) continue;
      const kind = isTypeOnly(dependency) && imports.get(from).get(to) !== 'value' ? 'type' : 'value';
      imports.get(from).set(to, kind);
    }
  }
  return imports;
}

/** Arrows that other arrows imply only hide the shape: they are in the table. */
function impliedByOthers(from, to, imports) {
  const seen = new Set();
  const reaches = (room) => {
    if (room === to) return true;
    if (seen.has(room)) return false;
    seen.add(room);
    return [...(imports.get(room)?.keys() ?? [])].some(reaches);
  };
  return [...imports.get(from).keys()].some(
    (other) => other !== to && ROOMS.indexOf(other) < ROOMS.indexOf(from) && reaches(other),
  );
}

function diagram(imports) {
  const present = ROOMS.filter((room) => imports.has(room)).reverse();
  const arrows = present.flatMap((from) =>
    [...imports.get(from)]
      .filter(([to]) => !impliedByOthers(from, to, imports))
      .sort(([a], [b]) => ROOMS.indexOf(b) - ROOMS.indexOf(a))
      .map(([to, kind]) => `  ${from} ${kind === 'type' ? '-.->' : '-->'} ${to}`),
  );
  return ['```mermaid', 'flowchart TD', ...present.map((room) => `  ${room}`), ...arrows, '```'].join('\n');
}

function roomsTable(imports) {
  const about = Object.assign({}, ...FLOORS);
  const rows = ROOMS.filter((room) => imports.has(room))
    .reverse()
    .map((room) => {
      const named = [...imports.get(room)]
        .sort(([a], [b]) => ROOMS.indexOf(b) - ROOMS.indexOf(a))
        .map(([to, kind]) => (kind === 'type' ? `*${to}*` : to));
      return [code(room), about[room], named.join(', ')];
    });
  return table(['Room', 'What it is', 'Imports (*types only*)'], rows);
}

function rulesTable() {
  const named = rules.forbidden.filter(({ name }) => !/^only-down-from-|-is-owned-by-/.test(name));
  const loads = LOADS.map(({ from, packages, evenLater, reason }) => [
    `${from} ${evenLater ? 'never loads' : 'is imported without loading'} ${packages.join(', ')}`,
    reason,
  ]);
  return table(
    ['Rule', 'Reason'],
    [
      [
        'a room imports from lower floors only',
        'Each can be understood and tested without what is built on it.',
      ],
      ...named.map(({ name, comment }) => [name.replaceAll('-', ' '), comment]),
      [
        'process.env is read in config/ only',
        'Settings come checked, and a host can replace the environment.',
      ],
      ...loads,
    ],
  );
}

function ownersTable() {
  const rows = OWNERS.map(({ dependency, rooms, reason }) => [
    code(dependency),
    rooms.map(code).join(', '),
    reason,
  ]);
  return table(['Dependency', 'Owner', 'Reason'], rows);
}

/** What stands between the markers of docs/architecture.md. */
export async function architectureSection(directory) {
  const imports = await roomImports(directory);
  return `${diagram(imports)}

Arrows are imports, dashed where only types are shared; those that others imply are left out here and listed below.

${roomsTable(imports)}

${rulesTable()}

${ownersTable()}`;
}
