import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import { AccountRepository } from '#src/storage/account-repository.js';
import { ObservationRepository } from '#src/storage/observation-repository.js';
import { type OpeningRecord, OpeningRepository } from '#src/storage/opening-repository.js';
import { type ProofRecord, ProofRepository } from '#src/storage/proof-repository.js';
import { SymbolRepository } from '#src/storage/symbol-repository.js';
import type { TestDatabase } from '../support/postgres.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };
const SUB: AccountRef = { exchange: 'bybit', account: 'sub1' };
const NOW_MS = Date.UTC(2026, 0, 1);

/** Of an opening whose sums are not made yet. */
const UNSUMMED = {
  summedToMs: undefined,
  fills: '0',
  fees: '0',
  transfers: '0',
  ledger: '0',
} as const;

/** What a proof needs besides histories, and its answers. */
export function describeProofs(test: TestDatabase): void {
  describe('balance_observations', () => {
    it('come back as they were written, one that names nothing too', async () => {
      const repository = new ObservationRepository(test);
      const first = observation(NOW_MS, { BTC: '1.000000000000000000001', '1INCH': '0' });
      const none = observation(NOW_MS + 1000, {});
      await test.database.transaction(async (transaction) => {
        await repository.record(transaction, MAIN, none);
        await repository.record(transaction, MAIN, observation(NOW_MS, { BTC: '7' }));
        await repository.record(transaction, MAIN, first);
        await repository.record(transaction, SUB, observation(NOW_MS, { BTC: '5' }));
      });
      expect(await repository.list(test.database, MAIN)).to.deep.equal([first, none]);
      expect(await repository.latest(test.database, MAIN)).to.deep.equal(none);
      expect(await repository.latest(test.database, MAIN, NOW_MS + 1000)).to.deep.equal(first);
      expect(await repository.latest(test.database, MAIN, NOW_MS)).to.equal(undefined);
      await test.database.transaction(async (transaction) => {
        expect(await repository.forget(transaction, MAIN, NOW_MS + 1000)).to.equal(1);
      });
      expect(await repository.list(test.database, MAIN)).to.deep.equal([none]);
      expect(await repository.list(test.database, SUB)).to.have.length(1);
    });

    it('take names that no text can hold', async () => {
      const repository = new ObservationRepository(test);
      await test.database.transaction((transaction) =>
        repository.record(transaction, MAIN, observation(NOW_MS, { 'A\0': '1', '\uD800B': '2' })),
      );
      expect((await repository.latest(test.database, MAIN))?.quantities).to.deep.equal(
        new Map([
          ['A\uFFFD', '1'],
          ['\uFFFDB', '2'],
        ]),
      );
    });
  });

  describe('balance_openings', () => {
    it('are replaced, left untouched and forgotten by asset', async () => {
      const repository = new OpeningRepository(test);
      const anchor = { anchoredAtMs: NOW_MS + 5, anchorQuantity: '2' };
      const btc: OpeningRecord = {
        ...{ ...UNSUMMED, ...anchor },
        ...{ asset: 'BTC', horizonMs: NOW_MS, quantity: '-0.5', source: 'inferred' },
      };
      const eth: OpeningRecord = {
        ...{ ...UNSUMMED, anchoredAtMs: undefined, anchorQuantity: undefined },
        ...{ asset: 'ETH', horizonMs: NOW_MS, quantity: '0', source: 'account-opened' },
      };
      const moved = { ...btc, horizonMs: NOW_MS - 1000, quantity: '0.25' };
      await test.database.transaction(async (transaction) => {
        expect(await repository.put(transaction, MAIN, [btc, eth])).to.equal(2);
        expect(await repository.put(transaction, MAIN, [moved, eth])).to.equal(1);
        expect(await repository.put(transaction, SUB, [eth])).to.equal(1);
        await repository.forget(transaction, MAIN, ['ETH', 'XRP']);
      });
      expect(await repository.list(test.database, MAIN)).to.deep.equal([moved]);
      expect(await repository.list(test.database, SUB)).to.deep.equal([eth]);
    });
  });

  describe('balance_proofs', () => {
    const record = (...proofs: readonly ProofRecord[]) =>
      test.database.transaction((transaction) => new ProofRepository(test).record(transaction, MAIN, proofs));
    const latest = () => new ProofRepository(test).latest(test.database, MAIN);
    const since = async () =>
      (
        await test.database.query<{ since: Date; state: string }>(
          `SELECT since, state FROM "${test.schema}".balance_proofs ORDER BY asset, since`,
        )
      ).rows.map((row) => [row.since.getTime() - NOW_MS, row.state]);

    it('has the newest numbers of an answer in one row, and since when it is the answer', async () => {
      expect(await record(proof({ fills: '1.50' }))).to.deep.equal(['BTC']);
      const later = proof({
        fills: '2.5',
        reported: '2.5',
        horizonMs: NOW_MS - 5000,
        unexplainedQuantity: '0.00',
        observedAtMs: NOW_MS + 900,
        checkedAtMs: NOW_MS + 1000,
      });
      expect(await record(later)).to.deep.equal([]);
      expect(await latest()).to.deep.equal([{ ...MAIN, sinceMs: NOW_MS, ...later }]);
      expect(await since()).to.deep.equal([[0, 'proven']]);
    });

    it('has a row for each other answer, and says which are others', async () => {
      await record(proof(), proof({ asset: 'ETH' }));
      const missing = proof({ state: 'unexplained', unexplainedQuantity: '0.1', checkedAtMs: NOW_MS + 1 });
      expect(await record(missing, proof({ asset: 'ETH' }))).to.deep.equal(['BTC']);
      expect(
        await record({ ...missing, unexplainedQuantity: '0.2', checkedAtMs: NOW_MS + 2 }),
        'another rest',
      ).to.deep.equal(['BTC']);
      expect(
        await record({ ...missing, unexplainedQuantity: '0.20', checkedAtMs: NOW_MS + 3 }),
      ).to.deep.equal([]);
      expect(await since()).to.deep.equal([
        [0, 'proven'],
        [1, 'unexplained'],
        [2, 'unexplained'],
        [0, 'proven'],
      ]);
      expect((await latest()).map(({ asset, state }) => [asset, state])).to.deep.equal([
        ['BTC', 'unexplained'],
        ['ETH', 'proven'],
      ]);
      expect(await new ProofRepository(test).lastProven(test.database, MAIN)).to.deep.equal(
        new Map([
          ['BTC', NOW_MS - 100],
          ['ETH', NOW_MS - 100],
        ]),
      );
    });

    it('is the latest answer also where the clock went back', async () => {
      await record(proof());
      await record(
        proof({ state: 'pending', reason: 'a transfer is not final', checkedAtMs: NOW_MS - 60_000 }),
      );
      expect((await latest()).map(({ state }) => state)).to.deep.equal(['pending']);
    });

    it('leaves out retired accounts', async () => {
      await record(proof());
      await test.database.transaction(async (transaction) => {
        const accounts = new AccountRepository(test);
        await accounts.configure(transaction, [MAIN], NOW_MS);
        expect(await accounts.retireUnsynced(transaction, [], NOW_MS + 1)).to.have.length(1);
      });
      expect(await latest()).to.deep.equal([]);
    });

    it('keeps accounts apart', async () => {
      await record(proof());
      await test.database.transaction((transaction) =>
        new ProofRepository(test).record(transaction, SUB, [proof({ state: 'unknown' })]),
      );
      expect((await latest()).map(({ state }) => state)).to.deep.equal(['proven']);
      expect(await new ProofRepository(test).latest(test.database, {})).to.have.length(2);
      expect(await new ProofRepository(test).lastProven(test.database, SUB)).to.deep.equal(new Map());
    });
  });

  describe('sync_symbols', () => {
    it('give those that are new, and keep what spoke for the others', async () => {
      const repository = new SymbolRepository(test);
      const eth = { symbol: 'ETH/USDT', reason: 'balance of ETH' };
      const hostile = { symbol: 'A\0/USDT', reason: '\uD800' };
      await test.database.transaction(async (transaction) => {
        expect(await repository.add(transaction, MAIN, 'spot', [eth, hostile])).to.have.members([
          'ETH/USDT',
          'A\uFFFD/USDT',
        ]);
        expect(
          await repository.add(transaction, MAIN, 'spot', [{ ...eth, reason: 'a deposit' }, hostile]),
        ).to.deep.equal([]);
        expect(await repository.add(transaction, MAIN, 'margin', [eth, eth])).to.deep.equal(['ETH/USDT']);
      });
      expect(await repository.list(test.database, MAIN, 'spot')).to.deep.equal([
        { symbol: 'A\uFFFD/USDT', reason: '\uFFFD' },
        eth,
      ]);
      expect(await repository.list(test.database, SUB, 'spot')).to.deep.equal([]);
    });
  });
}

function observation(observedToMs: number, quantities: Readonly<Record<string, string>>) {
  return {
    observedFromMs: observedToMs - 500,
    observedToMs,
    quantities: new Map(Object.entries(quantities)),
  };
}

function proof(changes: Partial<ProofRecord> = {}): ProofRecord {
  return {
    asset: 'BTC',
    state: 'proven',
    reason: undefined,
    horizonMs: NOW_MS - 1000,
    opening: '0',
    openingSource: 'inferred',
    fills: '1.5',
    fees: '0',
    transfers: '0',
    ledger: '0',
    expected: '1.5',
    reported: '1.5',
    unexplainedQuantity: '0',
    observedAtMs: NOW_MS - 100,
    checkedAtMs: NOW_MS,
    rereadAtMs: undefined,
    announcedQuantity: undefined,
    ...changes,
  };
}
