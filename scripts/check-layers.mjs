// Checks the layers of src/ (see docs/architecture.md). Prints each violation with the rule's reason; exits 1.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruiseSources, isTypeOnly, roomOf, sourceFiles } from './layers/cruise.mjs';
import { LOADS, OWNERS, ROOMS } from './layers/house.mjs';
import { rules } from './layers/rules.mjs';

/** `[{ rule, reason, where }]`; empty when all is well. */
export async function checkLayers(directory) {
  const { modules, violations } = await cruiseSources(directory, rules);
  const reasons = new Map(rules.forbidden.map(({ name, comment }) => [name, comment]));
  return [
    ...violations.map(({ rule, from, to }) => ({
      rule: rule.name,
      reason: reasons.get(rule.name),
      where: `${from} -> ${to}`,
    })),
    ...unseenFiles(directory, modules),
    ...unknownRooms(modules),
    ...environmentReaders(directory),
    ...ownerlessDependencies(directory),
    ...LOADS.flatMap((load) => forbiddenLoads(modules, load)),
  ];
}

/** A tool that sees no module finds no violation either. */
function unseenFiles(directory, modules) {
  const seen = new Set(modules.map(({ source }) => source));
  const unseen = sourceFiles(directory).filter((file) => !seen.has(file));
  const reason = 'A file that the check did not see was not checked.';
  return unseen.map((where) => ({ rule: 'every-file-is-seen', reason, where }));
}

function unknownRooms(modules) {
  const known = new Set(ROOMS);
  const reason = 'A folder without a floor has no rules; give it one in scripts/layers/house.mjs.';
  return modules
    .filter(({ source }) => !known.has(roomOf(source)))
    .map(({ source }) => ({ rule: 'every-room-has-a-floor', reason, where: source }));
}

function environmentReaders(directory) {
  const readsEnvironment =
    /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\s*\[|\benv\b[^}]*}\s*=\s*process\b|from 'node:process'/;
  const reason = 'Settings come checked from config/, and a host can replace the environment.';
  return sourceFiles(directory)
    .filter(
      (file) =>
        roomOf(file) !== 'config' && readsEnvironment.test(readFileSync(join(directory, file), 'utf8')),
    )
    .map((where) => ({ rule: 'environment-is-owned-by-config', reason, where }));
}

function ownerlessDependencies(directory) {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(directory, 'package.json'), 'utf8'),
  );
  const owned = OWNERS.map(({ dependency }) => dependency);
  const reason = 'Each dependency is used in one place; name it in scripts/layers/house.mjs.';
  return Object.keys({ ...dependencies, ...optionalDependencies })
    .filter((name) => !owned.some((dependency) => name === dependency || name.startsWith(`${dependency}/`)))
    .map((where) => ({ rule: 'every-dependency-has-an-owner', reason, where }));
}

/** Follows imports that load code: not types, and `import()` only where `evenLater` says so. */
function forbiddenLoads(modules, { from, packages, evenLater, reason }) {
  const bySource = new Map(modules.map((module) => [module.source, module]));
  const forbidden = new RegExp(`(^|node_modules/)(${packages.join('|')})(/|$)`);
  const reached = new Map([[`src/${from}.ts`, undefined]]);
  const found = [];
  for (const source of reached.keys()) {
    for (const dependency of bySource.get(source)?.dependencies ?? []) {
      if (isTypeOnly(dependency) || (dependency.dynamic && !evenLater)) continue;
      const { resolved } = dependency;
      if (forbidden.test(resolved)) found.push(`${pathTo(source, reached)} -> ${resolved}`);
      if (bySource.has(resolved) && !reached.has(resolved)) reached.set(resolved, source);
    }
  }
  const rule = `${from}-${evenLater ? 'never-' : ''}loads-no-${packages.join('-')}`;
  return found.map((where) => ({ rule, reason, where }));
}

function pathTo(source, reached) {
  const importer = reached.get(source);
  return importer === undefined ? source : `${pathTo(importer, reached)} -> ${source}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = await checkLayers(fileURLToPath(new URL('..', import.meta.url)));
  for (const { rule, reason, where } of problems) console.error(`${rule}: ${where}\n  ${reason}`);
  if (problems.length > 0) process.exitCode = 1;
  else console.log('The layers hold.');
}
