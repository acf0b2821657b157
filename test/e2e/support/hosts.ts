import { fileURLToPath } from 'node:url';

/** A program of test/e2e/hosts. */
export function hostPath(name: string): string {
  return fileURLToPath(new URL(`../hosts/${name}.js`, import.meta.url));
}
