import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

interface Violation {
  readonly rule: string;
  readonly reason: string;
  readonly where: string;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Files that are planted in one small house, by the rule that each breaks. `a.ts` gets a name of its own. */
const PLANTED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'only-down-from-domain': {
    'src/domain/a.ts': "import type { B } from '../ledger/b.js'; export type A = B;",
  },
  'only-down-from-ledger': { 'src/ledger/a.ts': "import { b } from '../config/b.js'; export const a = b;" },
  'only-down-from-config': {
    'src/config/a.ts': "import type { B } from '../logging/b.js'; export type A = B;",
  },
  'only-down-from-storage': {
    'src/storage/a.ts': "import type { B } from '../exchange/b.js'; export type A = B;",
  },
  'only-down-from-sync': { 'src/sync/a.ts': "export { b } from '../tasks/b.js';" },
  'only-down-from-bridge': { 'src/bridge/a.ts': "export const load = () => import('../synchronizer.js');" },
  'engine-knows-bridge-by-type-only': { 'src/engine.ts': "export { b } from './bridge/b.js';" },
  'domain-imports-nothing': { 'src/domain/a.ts': "import { join } from 'node:path'; export const a = join;" },
  'sync-is-given-its-collaborators': { 'src/sync/a.ts': "export { b } from '../exchange/b.js';" },
  'simulator-stands-alone': {
    'src/simulator/a.ts': "import type { B } from '../config/b.js'; export type A = B;",
  },
  'simulator-is-for-the-demo': { 'src/cli/run.ts': "export { b } from '../simulator/b.js';" },
  'commands-use-the-public-api': { 'src/cli/show.ts': "export { b } from '../storage/b.js';" },
  'no-cycles': {
    'src/ledger/there.ts': "import { back } from './back.js'; export const there = () => back;",
    'src/ledger/back.ts': "import { there } from './there.js'; export const back = () => there;",
  },
  'no-unresolvable': { 'src/ledger/a.ts': "export { x } from './nowhere.js';" },
  'no-dev-dependencies': { 'src/ledger/a.ts': "import sinon from 'sinon'; export const a = sinon;" },
  'ccxt-is-owned-by-exchange': { 'src/storage/a.ts': "import ccxt from 'ccxt'; export const a = ccxt;" },
  'pg-is-owned-by-storage': { 'src/tasks/a.ts': "import type { Pool } from 'pg'; export type A = Pool;" },
  'winston-is-owned-by-logging': {
    'src/sync/a.ts': "import winston from 'winston'; export const a = winston;",
  },
  'worker_threads-is-owned-by-bridge': {
    'src/tasks/a.ts': "import { Worker } from 'node:worker_threads'; export const a = Worker;",
  },
  'environment-is-owned-by-config': { 'src/storage/a.ts': 'export const a = process.env.HOME;' },
  'every-room-has-a-floor': { 'src/helpers/a.ts': 'export const a = 1;' },
  'index-loads-no-ccxt-pg-winston': {
    'src/index.ts': "export { s } from './synchronizer.js';",
    'src/synchronizer.ts':
      "export { l as s } from './logging/l.js'; export const p = () => import('./storage/p.js');",
    'src/logging/l.ts': "import winston from 'winston'; export const l = winston;",
  },
  'typebox-is-owned-by-server': { 'src/config/a.ts': "import Type from 'typebox'; export const a = Type;" },
  'index-never-loads-no-ccxt-pg': { 'src/storage/p.ts': "import pg from 'pg'; export const p = pg;" },
};

const PLANTED_FILES: Readonly<Record<string, Readonly<Record<string, string>>>> = Object.fromEntries(
  Object.entries(PLANTED).map(([rule, files]) => [
    rule,
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path.replace('/a.ts', `/${rule}.ts`), text]),
    ),
  ]),
);

/** What the planted files import; breaks nothing by itself. */
const HARMLESS: Readonly<Record<string, string>> = Object.fromEntries(
  ['ledger', 'config', 'logging', 'exchange', 'credentials', 'storage', 'tasks', 'bridge', 'simulator']
    .map((room) => [`src/${room}/b.ts`, 'export interface B { b: number } export const b = 1;'])
    .concat([['src/synchronizer.ts', 'export const s = 1;']]),
);

const MANIFEST = JSON.stringify({
  type: 'module',
  dependencies: { ccxt: '*', pg: '*', typebox: '*', winston: '*' },
  devDependencies: { sinon: '*' },
});

describe('check-layers', () => {
  let check: (directory: string) => Promise<readonly Violation[]>;
  let house: string;

  before(async () => {
    ({ checkLayers: check } = await import(new URL('scripts/check-layers.mjs', `file://${ROOT}`).href));
  });

  beforeEach(() => {
    house = mkdtempSync(join(tmpdir(), 'exchange-sync-house-'));
    symlinkSync(join(ROOT, 'node_modules'), join(house, 'node_modules'));
  });

  afterEach(() => rmSync(house, { recursive: true }));

  function build(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries({ 'package.json': MANIFEST, ...HARMLESS, ...files })) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), text);
    }
  }

  it('finds nothing in a house that stands', async () => {
    build({
      'src/sync/a.ts': "import type { B } from '../exchange/b.js'; export type A = B;",
      'src/cli/demo.ts': "export { b } from '../simulator/b.js';",
      'src/config/env.ts': 'export const home = process.env.HOME;',
      'src/logging/lazy.ts': "export const load = () => import('winston');",
      'src/index.ts': "export { load } from './logging/lazy.js';",
    });
    expect(await check(house)).to.deep.equal([]);
  });

  it('finds every planted violation, by its rule and its file, with a reason', async () => {
    build(Object.assign({}, ...Object.values(PLANTED_FILES)));
    const violations = await check(house);
    for (const [rule, files] of Object.entries(PLANTED_FILES)) {
      const found = violations.filter((violation) => violation.rule === rule);
      expect(found.map(({ where }) => where).join('\n'), rule).to.include(Object.keys(files).at(-1));
      expect(found[0]?.reason, rule).to.match(/ .+\.$/);
    }
  });

  it('knows a dependency without an owner', async () => {
    build({ 'package.json': '{ "dependencies": { "left-pad": "1.0.0" } }' });
    expect((await check(house)).map(({ rule, where }) => `${rule} ${where}`)).to.deep.equal([
      'every-dependency-has-an-owner left-pad',
    ]);
  });

  it('knows a file that it did not see', async () => {
    build({ 'src/storage/node_modules/hidden.ts': 'export const a = 1;' });
    expect(await check(house)).to.deep.equal([
      {
        rule: 'every-file-is-seen',
        reason: 'A file that the check did not see was not checked.',
        where: 'src/storage/node_modules/hidden.ts',
      },
    ]);
  });
});
