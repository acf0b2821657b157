// The rules of the house for dependency-cruiser, made of the tables in house.mjs.
import { FLOORS, OWNERS, TYPE_EXCEPTIONS } from './house.mjs';

/** A room is a folder or a single file of src/. */
export function roomPattern(rooms) {
  return `^src/(${rooms.join('|')})(/|\\.ts$)`;
}

function upOrSideways() {
  return FLOORS.flatMap((rooms, floor) =>
    Object.keys(rooms).map((room) => {
      const others = FLOORS.slice(floor)
        .flatMap((above) => Object.keys(above))
        .filter((other) => other !== room);
      const excepted = TYPE_EXCEPTIONS.filter(({ from }) => from === room).map(({ to }) => to);
      return {
        name: `only-down-from-${room}`,
        severity: 'error',
        comment: `${room} imports from lower floors only, so that it can be understood and tested without what is built on it.`,
        from: { path: roomPattern([room]) },
        to: {
          path: roomPattern(others.filter((other) => !excepted.includes(other))),
        },
      };
    }),
  );
}

const typeExceptions = TYPE_EXCEPTIONS.map(({ from, to, reason }) => ({
  name: `${from}-knows-${to}-by-type-only`,
  severity: 'error',
  comment: reason,
  from: { path: roomPattern([from]) },
  to: { path: roomPattern([to]), dependencyTypesNot: ['type-only'] },
}));

const owners = OWNERS.map(({ dependency, rooms, reason }) => ({
  name: `${dependency}-is-owned-by-${rooms.join('-and-')}`,
  severity: 'error',
  comment: reason,
  from: { path: '^src/', pathNot: roomPattern(rooms) },
  to: { path: `(^|node_modules/|node:)${dependency.replaceAll('.', '\\.')}(/|$)` },
}));

export const rules = {
  forbidden: [
    ...upOrSideways(),
    ...typeExceptions,
    ...owners,
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      comment: 'The words must be usable everywhere, in either thread and without a package.',
      from: { path: '^src/domain/' },
      to: { pathNot: '^src/domain/' },
    },
    {
      name: 'sync-is-given-its-collaborators',
      severity: 'error',
      comment:
        'Strategies get exchanges, storage and credentials as arguments, so that they are tested without them.',
      from: { path: '^src/(sync|tasks)/' },
      to: { path: roomPattern(['exchange', 'storage', 'credentials']), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'simulator-stands-alone',
      severity: 'error',
      comment: 'It must not share a mistake with the program that it is there to test.',
      from: { path: '^src/simulator/' },
      to: { path: '^src/', pathNot: '^src/(simulator|domain|ledger)/' },
    },
    {
      name: 'simulator-is-for-the-demo',
      severity: 'error',
      comment: 'Nothing that reads real accounts may reach for invented ones.',
      from: { path: '^src/', pathNot: '^src/(simulator/|cli/demo)' },
      to: { path: '^src/simulator/' },
    },
    {
      name: 'commands-use-the-public-api',
      severity: 'error',
      comment:
        'What the command line can do, a host can do; only exact arithmetic for showing numbers comes from below.',
      from: { path: roomPattern(['cli', 'server']) },
      to: { path: '^src/', pathNot: '^src/(cli/|server/|config/|domain/|ledger/|simulator/|index\\.ts$)' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Modules that need each other to load cannot be understood one at a time.',
      from: { path: '^src/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'An import that cannot be found cannot be checked either.',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-dependencies',
      severity: 'error',
      comment: 'What src/ imports must be there when the package is installed.',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
};
