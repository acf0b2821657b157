import { expect } from 'chai';
import { namesWithTurn } from '#src/ledger/turns.js';
import { seededRandom } from '#src/simulator/world/random.js';

const PERIOD = 1000;
const NAMES = Array.from({ length: 300 }, (_, index) => `C${index}/USDT`);

describe('turns', () => {
  it('come to each name once a period, however it is cut into looks', () => {
    const { between } = seededRandom('turns');
    for (let round = 0; round < 20; round += 1) {
      const startMs = between(0, 1e9);
      const counts = new Map<string, number>();
      for (let fromMs = startMs; fromMs < startMs + PERIOD; ) {
        const toMs = Math.min(startMs + PERIOD, fromMs + between(1, 300));
        for (const name of namesWithTurn(NAMES, PERIOD, { fromMs, toMs })) {
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
        fromMs = toMs;
      }
      expect(new Set(counts.values())).to.deep.equal(new Set([1]));
      expect(counts.size).to.equal(NAMES.length);
    }
  });

  it('are spread over the period, and all come after a whole one', () => {
    const tenth = namesWithTurn(NAMES, PERIOD, { fromMs: 5000, toMs: 5100 }).length;
    expect(tenth).to.be.within(10, 60);
    expect(namesWithTurn(NAMES, PERIOD, { fromMs: 0, toMs: PERIOD })).to.deep.equal(NAMES);
  });
});
