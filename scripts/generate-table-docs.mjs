// Writes the tables' part of docs/value-semantics.md from the comments of a database that is made for it. A test
// fails when it is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { between } from './docs/between.mjs';
import { readNewSchema } from './docs/read-schema.mjs';
import { valueSemanticsSection } from './docs/value-semantics-section.mjs';

const path = 'docs/value-semantics.md';
const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
const page = readFileSync(file, 'utf8');
const content = between(path, page, valueSemanticsSection(await readNewSchema()));
if (content !== page) {
  writeFileSync(file, content);
  console.log(`wrote ${path}`);
}
