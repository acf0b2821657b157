import { expect } from 'chai';
import { RowSet } from '#src/exchange/readers/row-set.js';

interface Row {
  readonly id: string;
  readonly amount: string;
}

describe('the rows of one read', () => {
  const set = (...rows: [Row, number?][]) => {
    const rowSet = new RowSet<Row>({ key: ({ id }) => id });
    for (const [row, updatedAtMs] of rows) rowSet.add(`row ${row.id}`, row, updatedAtMs);
    return { records: rowSet.records, rejected: rowSet.rejected.map(({ row }) => row) };
  };

  it('count once when they come twice', () => {
    expect(set([{ id: 'a', amount: '1' }], [{ id: 'a', amount: '1' }])).deep.equal({
      records: [{ id: 'a', amount: '1' }],
      rejected: [],
    });
  });

  for (const [first, second] of [
    [1, 2],
    [2, 1],
  ] as const) {
    it(`count in their later version, here number ${second === 2 ? 'two' : 'one'}`, () => {
      const rows = set(
        [{ id: 'a', amount: String(first) }, first],
        [{ id: 'a', amount: String(second) }, second],
      );
      expect(rows).deep.equal({ records: [{ id: 'a', amount: '2' }], rejected: [] });
    });
  }

  it('are set aside when they contradict each other and nothing says which is newer', () => {
    const rows = set(
      [{ id: 'a', amount: '1' }],
      [{ id: 'a', amount: '2' }],
      [{ id: 'a', amount: '1' }],
      [{ id: 'b', amount: '3' }],
    );
    expect(rows).deep.equal({ records: [{ id: 'b', amount: '3' }], rejected: ['row a'] });
  });
});
