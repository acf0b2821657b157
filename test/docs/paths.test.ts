import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Paths of this repository, as documents name them. */
const NAMED_PATH = /`((?:src|test|scripts|docs|examples)\/[\w./-]*)`/g;

describe('documents', () => {
  const documents = readdirSync(`${root}docs`, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.md'),
  );

  it('are found', () => {
    expect(documents).to.include('adding-a-data-type.md');
  });

  for (const document of documents) {
    it(`${document} names only files that exist`, () => {
      const text = readFileSync(`${root}docs/${document}`, 'utf8');
      const missing = [...text.matchAll(NAMED_PATH)]
        .map(([, path = '']) => path)
        .filter((path) => !existsSync(root + path));
      expect(missing).to.deep.equal([]);
    });
  }
});
