// Writes the generated pages of docs/ from the built code and its imports. A test fails when one is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { architectureSection } from './docs/architecture-section.mjs';
import { between } from './docs/between.mjs';
import { configurationPage } from './docs/configuration-page.mjs';
import { errorsPage } from './docs/errors-page.mjs';
import { exchangesPage } from './docs/exchanges-page.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const ARCHITECTURE = 'docs/architecture.md';
const readPage = (path) => readFileSync(join(root, path), 'utf8');

/** `[path from the project's root, its content as it should be]`. */
export async function generatedPages() {
  return [
    ['docs/configuration.md', configurationPage()],
    ['docs/errors.md', errorsPage()],
    ['docs/exchanges.md', exchangesPage()],
    [ARCHITECTURE, between(ARCHITECTURE, readPage(ARCHITECTURE), await architectureSection(root))],
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of await generatedPages()) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, 'utf8') === content) continue;
    writeFileSync(file, content);
    console.log(`wrote ${path}`);
  }
}
