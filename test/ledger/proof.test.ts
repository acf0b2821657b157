import { expect } from 'chai';
import {
  type AssetFacts,
  addFlows,
  type FlowSums,
  inferOpening,
  judgeAsset,
  NO_FLOWS,
  shiftBack,
} from '#src/ledger/proof.js';
import { seededRandom } from '#src/simulator/world/random.js';

const facts: AssetFacts = {
  opening: '1',
  flows: { fills: '2', fees: '0.25', transfers: '-0.5', ledger: '0.001' },
  reported: '2.251',
  flowsAtObservation: false,
  pendingTransfers: false,
  doubt: undefined,
};

describe('the proof of an asset', () => {
  it('is that opening, fills, fees, transfers and ledger are what is reported, to the last digit', () => {
    expect(judgeAsset(facts)).to.deep.equal({
      state: 'proven',
      reason: null,
      expected: '2.251',
      unexplainedQuantity: '0',
    });
  });

  it('leaves the smallest rest as a number of its own', () => {
    const reported = '2.250999999999999999999999999999999999';
    expect(judgeAsset({ ...facts, reported })).to.deep.equal({
      state: 'unexplained',
      reason: null,
      expected: '2.251',
      unexplainedQuantity: '-0.000000000000000000000000000000000001',
    });
  });

  it('is put off by what flowed while the balances were read, whatever the sum', () => {
    const { state, reason, unexplainedQuantity } = judgeAsset({ ...facts, flowsAtObservation: true });
    expect({ state, reason, unexplainedQuantity }).to.deep.equal({
      state: 'pending',
      reason: 'something flowed while the balances were read',
      unexplainedQuantity: null,
    });
  });

  it('is put off by a transfer that is not final and by a doubt, unless it adds up all the same', () => {
    const doubt = 'trades spot:BTC/USDT is not read';
    const states = (reported: string) => [
      judgeAsset({ ...facts, reported, pendingTransfers: true }).state,
      judgeAsset({ ...facts, reported, doubt }).state,
      judgeAsset({ ...facts, reported }).state,
    ];
    expect(states('2.251')).to.deep.equal(['proven', 'proven', 'proven']);
    expect(states('3')).to.deep.equal(['pending', 'unknown', 'unexplained']);
    expect(judgeAsset({ ...facts, reported: '3', doubt }).reason).to.equal(doubt);
  });

  it('is what whole numbers of the smallest unit say, in random histories', () => {
    const { between } = seededRandom('proof');
    const units = () => BigInt(between(-1e9, 1e9)) * BigInt(between(0, 1e9));
    for (let round = 0; round < 3000; round += 1) {
      const scale = between(0, 30);
      const [opening, fills, fees, transfers, ledger] = [units(), units(), units(), units(), units()];
      const withheld = between(0, 1) === 0 ? 0n : units();
      const expected = opening + fills - fees + transfers + ledger;
      const judged = judgeAsset({
        ...facts,
        opening: written(opening, scale),
        flows: flowsOf({ fills, fees, transfers, ledger }, scale),
        reported: written(expected + withheld, scale),
      });
      expect(scaled(judged.expected, scale)).to.equal(expected);
      expect(scaled(judged.unexplainedQuantity ?? 'nothing', scale)).to.equal(withheld);
      expect(judged.state).to.equal(withheld === 0n ? 'proven' : 'unexplained');
    }
  });
});

describe('an opening that is inferred', () => {
  it('makes the observation that it is inferred from add up, and shows what is missing from then on', () => {
    const { quantity, source, horizonMs } = inferOpening(7, '2.251', facts.flows);
    expect({ quantity, source, horizonMs }).to.deep.equal({
      quantity: '1',
      source: 'inferred',
      horizonMs: 7,
    });
    expect(judgeAsset({ ...facts, opening: quantity }).state).to.equal('proven');
    expect(judgeAsset({ ...facts, opening: quantity, reported: '2.3' }).unexplainedQuantity).to.equal(
      '0.049',
    );
  });

  it('is moved back by what flowed in between, so that a rest stays what it was', () => {
    const { between } = seededRandom('shift');
    const units = () => BigInt(between(-1e9, 1e9));
    for (let round = 0; round < 1000; round += 1) {
      const some = () => flowsOf({ fills: units(), fees: units(), transfers: units(), ledger: units() }, 8);
      const [before, since, later] = [some(), some(), some()];
      const reported = written(units(), 8);
      const first = inferOpening(20, written(units(), 8), since);
      const moved = shiftBack(first, 10, before);
      expect(moved.horizonMs).to.equal(10);
      const flows = addFlows(since, later);
      const rest = judgeAsset({ ...facts, opening: first.quantity, flows, reported });
      const same = judgeAsset({
        ...facts,
        opening: moved.quantity,
        flows: addFlows(before, flows),
        reported,
      });
      expect(same).to.deep.equal(rest);
    }
  });

  it('is what was reported where nothing flowed', () => {
    expect(inferOpening(0, '5', NO_FLOWS).quantity).to.equal('5');
  });
});

function flowsOf(units: Readonly<Record<keyof FlowSums, bigint>>, scale: number): FlowSums {
  const { fills, fees, transfers, ledger } = units;
  return {
    fills: written(fills, scale),
    fees: written(fees, scale),
    transfers: written(transfers, scale),
    ledger: written(ledger, scale),
  };
}

/** A whole number of the smallest unit as a decimal. */
function written(units: bigint, scale: number): string {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`}`;
}

function scaled(text: string, scale: number): bigint {
  const [integer = '', fraction = ''] = text.split('.');
  return BigInt(`${integer}${fraction.padEnd(scale, '0')}`);
}
