import { expect } from 'chai';
import { HoldRepository, type Holds } from '#src/storage/hold-repository.js';
import type { TestDatabase } from '../support/postgres.js';

const T1 = Date.UTC(2026, 0, 1, 10);
const HOUR_MS = 3_600_000;
const NONE: Holds = { circuits: {}, suspensions: {} };
const CIRCUIT = { openedAtMs: T1, untilMs: T1 + HOUR_MS, openings: 2, reason: '5 failures' };
const SUSPENSION = { sinceMs: T1, untilMs: T1 + 24 * HOUR_MS, reason: 'refused', fingerprint: 'abc' };
const SOME: Holds = {
  circuits: { bybit: CIRCUIT },
  suspensions: { 'bybit/main': SUSPENSION, 'bybit/main fetchBalance wallet=FUND': SUSPENSION },
};

export function describeHolds(test: TestDatabase): void {
  describe('holds', () => {
    const holds = () => new HoldRepository({ schema: test.schema });
    const save = (...[now, before]: [Holds, Holds?]) =>
      test.database.transaction((tx) => holds().save(tx, now, before));
    const load = () => holds().load(test.database);

    it('are remembered as they were', async () => {
      expect(await load()).to.deep.equal(NONE);
      await save(SOME);
      expect(await load()).to.deep.equal(SOME);
    });

    it('change and end', async () => {
      await save(SOME);
      const later: Holds = {
        circuits: { bybit: { ...CIRCUIT, openings: 3, untilMs: T1 + 2 * HOUR_MS } },
        suspensions: { 'bybit/main': SUSPENSION },
      };
      await save(later, SOME);
      expect(await load()).to.deep.equal(later);
      await save(NONE, later);
      expect(await load()).to.deep.equal(NONE);
    });

    it('of another process stay', async () => {
      await save({ ...NONE, circuits: { binance: CIRCUIT } });
      await save(SOME);
      await save(NONE, SOME);
      expect(await load()).to.deep.equal({ ...NONE, circuits: { binance: CIRCUIT } });
    });
  });
}
