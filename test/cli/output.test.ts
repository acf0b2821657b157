import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { type Column, coloured, formatTable, wrapped } from '#src/cli/output.js';
import { display } from './display.js';

interface Row {
  readonly name: string;
  readonly age: string | null;
}

const COLUMNS: readonly Column<Row>[] = [
  { title: 'name', cell: ({ name }) => name, colour: () => 'red' },
  { title: 'age', align: 'right', cell: ({ age }) => age, leaveOut: 1 },
  { title: 'source', cell: () => 'somewhere else', leaveOut: 2 },
];
const ROWS: readonly Row[] = [
  { name: 'first', age: '12 min' },
  { name: 'second', age: null },
];

function titles(columns?: number): string {
  return stripVTControlCharacters(formatTable(ROWS, COLUMNS, display(columns)).split('\n')[0] ?? '');
}

describe('tables of the command line', () => {
  it('leave out what does not fit the terminal, the highest first', () => {
    expect(titles(30)).to.equal('NAME       AGE  SOURCE');
    expect(titles(29)).to.equal('NAME       AGE');
    expect(titles(15)).to.equal('NAME       AGE');
    expect(titles(13)).to.equal('NAME');
  });

  it('keep what cannot be left out, however narrow the terminal is', () => {
    expect(titles(2)).to.equal('NAME');
  });

  it('are whole and without colours in a pipe', () => {
    expect(formatTable(ROWS, COLUMNS, display())).to.equal(
      'NAME       AGE  SOURCE\nfirst   12 min  somewhere else\nsecond       —  somewhere else\n',
    );
  });

  it('show what an exchange calls something without its control characters', () => {
    const rows = [{ name: 'a\u001b[2Jb', age: '1 s' }];
    expect(formatTable(rows, COLUMNS, display())).to.contain('a\uFFFD[2Jb');
  });
});

describe('wrapped', () => {
  const sentence = 'The exchange is left alone until its own deadline, because it said so (code 10006).';

  it('breaks between words, and indents every line', () => {
    const lines = wrapped(sentence, display(60), 2).split('\n');
    expect(lines).to.have.length(2);
    expect(lines.map((line) => line.trim()).join(' ')).to.equal(sentence);
    for (const line of lines) {
      expect(line).to.match(/^ {2}\S/);
      expect(line.length).to.be.at.most(60);
    }
  });

  it('leaves lines whole in a pipe', () => {
    expect(wrapped(sentence, display(), 2)).to.equal(`  ${sentence}`);
  });
});

describe('coloured', () => {
  const forced = process.env.FORCE_COLOR;
  beforeEach(() => {
    delete process.env.FORCE_COLOR;
  });
  afterEach(() => {
    if (forced !== undefined) process.env.FORCE_COLOR = forced;
  });

  it('colours on a terminal and not in a pipe', () => {
    expect(coloured('failed', 'red', display(80))).to.equal('\u001b[31mfailed\u001b[39m');
    expect(coloured('failed', 'red', display())).to.equal('failed');
  });
});
