import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { useTestDatabase } from '../support/postgres.js';

const ROOT = new URL('../../', import.meta.url);
const load = (module: string) => import(new URL(`scripts/docs/${module}.mjs`, ROOT).href);

describe('the page of what each number means', () => {
  const test = useTestDatabase();

  it('has every column of every table and view as the database describes it', async () => {
    const { SCHEMA_QUERY } = await load('read-schema');
    const { valueSemanticsSection } = await load('value-semantics-section');
    const { rows } = await test.database.query(SCHEMA_QUERY, [test.schema]);
    const page = readFileSync(new URL('docs/value-semantics.md', ROOT), 'utf8');
    expect(page.includes(valueSemanticsSection(rows)), 'run `npm run docs`').to.equal(true);
  });
});
