import { expect } from 'chai';
import { type Lot, takeLots } from '#src/ledger/cost-basis-lots.js';

const unknown = (quantity: string): Lot => ({ quantity, reason: 'deposited', sinceMs: 1, untilMs: 1 });

describe('takeLots', () => {
  it('loses nothing of a cost between what leaves and what stays', () => {
    const lots: Lot[] = [{ quantity: '3', cost: '10' }];
    expect(takeLots(lots, '1', 'average')).to.deep.equal([
      { quantity: '1', cost: '3.333333333333333333333333333333333' },
    ]);
    expect(lots).to.deep.equal([{ quantity: '2', cost: '6.666666666666666666666666666666667' }]);
  });

  it('gives the whole cost with the whole, however many digits it has', () => {
    const cost = '123456789012345678901234567890.123456789012345678901234567890';
    expect(takeLots([{ quantity: '3', cost }], '3', 'fifo')).to.deep.equal([{ quantity: '3', cost }]);
  });

  it('never takes more of one kind than there is, also where amounts are finer than the rounding', () => {
    const speck = '0.0000000000000000004';
    const lots: Lot[] = [{ quantity: '0.0000000000000000006', cost: '6' }, unknown(speck)];
    expect(takeLots(lots, '0.0000000000000000009', 'average')).to.deep.equal([
      { quantity: '0.0000000000000000006', cost: '6' },
      unknown('0.0000000000000000003'),
    ]);
    expect(lots).to.deep.equal([unknown('0.0000000000000000001')]);
  });

  it('takes what is owed in the same way', () => {
    const lots: Lot[] = [{ quantity: '-4', cost: '-200' }, unknown('-4')];
    expect(takeLots(lots, '2', 'average')).to.deep.equal([{ quantity: '-1', cost: '-50' }, unknown('-1')]);
    expect(lots).to.deep.equal([{ quantity: '-3', cost: '-150' }, unknown('-3')]);
  });
});
