import { expect } from 'chai';
import { WHOLE_EXCHANGE } from '#src/domain/account.js';
import type { PriceRecord } from '#src/domain/records.js';
import { PriceRepository } from '#src/storage/price-repository.js';
import { ScopeRepository } from '#src/storage/scope-repository.js';
import type { TestDatabase } from '../support/postgres.js';
import { price } from './records.js';

const EXCHANGE = { exchange: 'bybit', account: WHOLE_EXCHANGE };
const SCOPE = 'spot';
const T1 = Date.UTC(2026, 0, 1, 10);
const T2 = Date.UTC(2026, 0, 1, 11);
const T3 = Date.UTC(2026, 0, 1, 12);

export function describePrices(test: TestDatabase): void {
  describe('prices', () => {
    const prices = () => new PriceRepository({ schema: test.schema });
    const scopes = () => new ScopeRepository({ schema: test.schema });
    /** One sync of prices as a strategy commits it. */
    const sync = (records: readonly PriceRecord[], atMs: number, complete = true) =>
      test.database.transaction(async (tx) => {
        const changed = await prices().apply(tx, 'bybit', SCOPE, records, complete ? atMs : undefined);
        await scopes().record(tx, EXCHANGE, 'prices', [
          { scope: SCOPE, attemptedAtMs: atMs, ...(complete && { completeAtMs: atMs }) },
        ]);
        return changed;
      });
    const list = () => prices().list(test.database, 'bybit');
    const ETH = price({ base: 'ETH', price: '3000.123456789012345678', source: 'mid', timestampMs: T1 });

    it('are current as of the last complete read, without being rewritten', async () => {
      expect(await sync([price(), ETH], T1)).to.equal(2);
      expect(await sync([price(), ETH], T2)).to.equal(0);
      expect(await list()).to.deep.equal([
        { ...price(), scope: SCOPE, observedUntilMs: undefined, observedAtMs: T2 },
        { ...ETH, scope: SCOPE, observedUntilMs: undefined, observedAtMs: T2 },
      ]);
    });

    it('keep their value and age when a complete read no longer has them', async () => {
      await sync([price(), ETH], T1);
      await sync([price(), ETH], T2);
      expect(await sync([price()], T3)).to.equal(1);
      expect((await list())[1]).to.deep.equal({
        ...ETH,
        scope: SCOPE,
        observedUntilMs: T2,
        observedAtMs: T2,
      });
      expect(await sync([price()], T3 + 1)).to.equal(0);
      expect((await list())[1]?.observedAtMs).to.equal(T2);
    });

    it('stay current when the read proves no absence', async () => {
      await sync([price(), ETH], T1);
      await sync([price()], T2, false);
      expect((await list())[1]).to.deep.equal({
        ...ETH,
        scope: SCOPE,
        observedUntilMs: undefined,
        observedAtMs: T1,
      });
    });

    it('stay current when another scope or exchange is read', async () => {
      await sync([ETH], T1);
      await test.database.transaction(async (tx) => {
        await prices().apply(tx, 'bybit', 'other', [price()], T2);
        await prices().apply(tx, 'binance', SCOPE, [price()], T2);
      });
      expect((await list()).map(({ base, observedUntilMs }) => [base, observedUntilMs])).to.deep.equal([
        ['BTC', undefined],
        ['ETH', undefined],
      ]);
    });

    it('are current again when they come back', async () => {
      await sync([ETH], T1);
      await sync([], T2);
      expect((await list())[0]).to.include({ observedUntilMs: T1, observedAtMs: T1 });
      await sync([ETH], T3);
      expect((await list())[0]).to.include({ observedUntilMs: undefined, observedAtMs: T3 });
    });
  });
}
