import { expect } from 'chai';
import { HoldRepository, type Holds } from '#src/storage/hold-repository.js';
import type { TestDatabase } from '../support/postgres.js';

const T1 = Date.UTC(2026, 0, 1, 10);
const HOUR_MS = 3_600_000;
const NONE: Holds = { circuits: {}, limits: {}, suspensions: {} };
const CIRCUIT = { openedAtMs: T1, untilMs: T1 + HOUR_MS, openings: 2, reason: '5 failures' };
const BAN = { sinceMs: T1, untilMs: T1 + HOUR_MS, code: 'BANNED', reason: 'HTTP 418' } as const;
const SUSPENSION = { sinceMs: T1, untilMs: T1 + 24 * HOUR_MS, reason: 'refused', fingerprint: 'abc' };
const SOME: Holds = {
  circuits: { bybit: CIRCUIT },
  limits: { binance: BAN, 'bybit 1a2b': { ...BAN, code: 'RATE_LIMITED' } },
  suspensions: { 'bybit/main': SUSPENSION, 'bybit/main fetchBalance wallet=FUND': SUSPENSION },
};

export function describeHolds(test: TestDatabase): void {
  describe('holds', () => {
    const holds = () => new HoldRepository({ schema: test.schema });
    const write = (some: Holds) => test.database.transaction((tx) => holds().write(tx, some));
    const end = (some: Holds) => test.database.transaction((tx) => holds().end(tx, some));
    const load = () => holds().load(test.database);

    it('are remembered as they were', async () => {
      expect(await load()).to.deep.equal(NONE);
      await write(SOME);
      expect(await load()).to.deep.equal(SOME);
    });

    it('last as long as the process says that knows them to last longest', async () => {
      const longer = { ...BAN, untilMs: T1 + 2 * HOUR_MS, reason: 'asked again' };
      await write({ ...NONE, limits: { binance: longer } });
      await write({ ...NONE, limits: { binance: BAN } });
      expect((await load()).limits.binance).to.deep.equal(longer);
      await write({ ...NONE, limits: { binance: { ...BAN, untilMs: T1 + 3 * HOUR_MS } } });
      expect((await load()).limits.binance?.untilMs).to.equal(T1 + 3 * HOUR_MS);
    });

    it('end, but for those that another process has made longer since', async () => {
      await write(SOME);
      await write({ ...NONE, circuits: { bybit: { ...CIRCUIT, untilMs: T1 + 2 * HOUR_MS } } });
      await end(SOME);
      const left = await load();
      expect(Object.keys(left.circuits)).to.deep.equal(['bybit']);
      expect({ ...left.limits, ...left.suspensions }).to.deep.equal({});
    });
  });
}
