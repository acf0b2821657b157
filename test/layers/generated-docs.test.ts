import { readFileSync } from 'node:fs';
import { expect } from 'chai';

const ROOT = new URL('../../', import.meta.url);

describe('generated pages', () => {
  let pages: readonly (readonly [path: string, content: string])[];

  before(async () => {
    const generator = (await import(new URL('scripts/generate-docs.mjs', ROOT).href)) as {
      generatedPages: () => Promise<typeof pages>;
    };
    pages = await generator.generatedPages();
  });

  for (const path of [
    'docs/configuration.md',
    'docs/errors.md',
    'docs/exchanges.md',
    'docs/architecture.md',
  ]) {
    it(`${path} is what the code says; otherwise run \`npm run docs\``, () => {
      const [, content] = pages.find(([name]) => name === path) ?? [];
      expect(readFileSync(new URL(path, ROOT), 'utf8')).to.equal(content);
    });
  }
});
