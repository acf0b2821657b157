// Reads the imports of src/ with dependency-cruiser.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';

/** The modules of src/ below `directory`, and what breaks the rules. */
export async function cruiseSources(directory, ruleSet = undefined) {
  const { output } = await cruise(
    ['src'],
    {
      baseDir: directory,
      // Types count too: a type is knowledge of another room.
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      enhancedResolveOptions: {
        exportsFields: ['exports'],
        conditionNames: ['import', 'node', 'default', 'types'],
      },
      ...(ruleSet && { validate: true, ruleSet }),
    },
    {},
    { tsConfig: {} },
  );
  const modules = output.modules.filter(({ source }) => source.startsWith('src/'));
  return { modules, violations: output.summary.violations };
}

/** Every TypeScript file of src/, by its path from `directory`. */
export function sourceFiles(directory) {
  return readdirSync(join(directory, 'src'), { recursive: true })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'));
}

/** `src/sync/x.ts` is in the room `sync`, `src/index.ts` in the room `index`. */
export function roomOf(source) {
  return /^src\/([^/.]+)/.exec(source)?.[1];
}

export function isTypeOnly({ dependencyTypes }) {
  return dependencyTypes.includes('type-only');
}
