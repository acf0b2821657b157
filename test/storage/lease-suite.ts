import { expect } from 'chai';
import type { SyncReport } from '#src/domain/report.js';
import {
  type DueRule,
  type Lease,
  type LeaseAnswer,
  LeaseRepository,
} from '#src/storage/lease-repository.js';
import { SyncStatusRepository } from '#src/storage/sync-status-repository.js';
import type { TestDatabase } from '../support/postgres.js';
import { whileUncommitted } from './two-writers.js';

const MAIN = { exchange: 'bybit', account: 'main' };
const MINUTE = 60_000;
const LONG = 10 * MINUTE;
const OVER = -1;

export function describeLeases(test: TestDatabase): void {
  describe('leases', () => {
    const leases = () => new LeaseRepository({ schema: test.schema });
    const status = () => new SyncStatusRepository({ schema: test.schema });
    const ask = (owner: string, durationMs = LONG, onlyIfDue?: DueRule) =>
      test.database.transaction((tx) =>
        leases().acquire(tx, {
          ...{ ...MAIN, dataType: 'balances', owner, durationMs },
          ...(onlyIfDue && { onlyIfDue }),
        }),
      );
    const take = async (owner: string, durationMs?: number) => leaseOf(await ask(owner, durationMs));
    const renew = (lease: Lease) => leases().renew(test.database, lease, LONG);
    const release = (lease: Lease) => leases().release(test.database, lease);

    it('are held by one process, and each has a token that is higher than the one before', async () => {
      const first = await take('a');
      expect(await ask('b')).to.include({ kind: 'held', owner: 'a' });
      expect(await release(first)).to.equal(true);
      const second = await take('b');
      expect(Number(second.token)).to.equal(Number(first.token) + 1);
      expect(await ask('a')).to.include({ kind: 'held', owner: 'b' });
    });

    it('say how long it takes at most until they are free', async () => {
      await take('a');
      const answer = await ask('b');
      expect(answer)
        .to.have.property('freeInMs')
        .that.is.within(LONG - MINUTE, LONG);
    });

    it('of accounts are independent', async () => {
      await take('a');
      const other = await test.database.transaction((tx) =>
        leases().acquire(tx, {
          exchange: 'bybit',
          account: '*',
          dataType: 'prices',
          owner: 'b',
          durationMs: LONG,
        }),
      );
      expect(other.kind).to.equal('acquired');
    });

    it('that have run out are taken over, and are of no use to their owner from then on', async () => {
      const stale = await take('a', OVER);
      const fresh = await take('b');
      expect(await renew(stale)).to.equal(false);
      expect(await release(stale)).to.equal(false);
      expect(await renew(fresh)).to.equal(true);
    });

    it('that have run out and that nobody took are still good', async () => {
      const late = await take('a', OVER);
      expect(await renew(late)).to.equal(true);
      expect(await ask('b')).to.include({ kind: 'held' });
    });

    it('taken again by their owner replace the ones before', async () => {
      const before = await take('a');
      const after = await take('a');
      expect(await release(before)).to.equal(false);
      expect(await release(after)).to.equal(true);
    });

    it('are given to one of two who ask first at the same moment', async () => {
      const request = { ...MAIN, dataType: 'balances', durationMs: LONG } as const;
      const second = await whileUncommitted(
        test,
        (tx) => leases().acquire(tx, { ...request, owner: 'a' }),
        (tx) => leases().acquire(tx, { ...request, owner: 'b' }),
      );
      expect(second.kind).to.equal('held');
    });

    it('keep nobody waiting while the owner commits, also when that takes longer than the lease', async () => {
      const lease = await take('a', OVER);
      await test.database.transaction(async (tx) => {
        expect(await leases().release(tx, lease)).to.equal(true);
        // On another connection, before the commit: it would wait for ever if it waited.
        const other = test.connect({ statementTimeoutMs: 5_000 });
        const answer = await other.transaction((second) =>
          leases().acquire(second, { ...MAIN, dataType: 'balances', owner: 'b', durationMs: LONG }),
        );
        expect(answer.kind).to.equal('held');
      });
      expect((await ask('b')).kind).to.equal('acquired');
    });

    it('keep their fence down when the transaction behind it fails', async () => {
      const lease = await take('a');
      const failing = test.database.transaction(async (tx) => {
        await leases().release(tx, lease);
        throw new Error('the rows cannot be written');
      });
      expect(await failing.catch((error: Error) => error.message)).to.equal('the rows cannot be written');
      expect(await release(lease)).to.equal(true);
    });

    it('make what is being synced show as running', async () => {
      await test.database.transaction((tx) => status().record(tx, report(), undefined));
      const running = async () => (await status().list(test.database))[0]?.running;
      expect(await running()).to.equal(false);
      const lease = await take('a');
      expect(await running()).to.equal(true);
      await release(lease);
      expect(await running()).to.equal(false);
      await take('a', OVER);
      expect(await running()).to.equal(false);
    });

    it('count the writes that were refused', async () => {
      expect(await leases().refusedWrites(test.database)).to.equal(0);
      await take('a');
      await leases().countRefused(test.database, MAIN);
      await leases().countRefused(test.database, MAIN);
      expect(await leases().refusedWrites(test.database)).to.equal(2);
    });

    describe('for the schedule', () => {
      const RULE: DueRule = { intervalMs: 30 * MINUTE, toleranceMs: MINUTE };
      const storeDue = (dueInMs: number) =>
        test.database.transaction((tx) => status().record(tx, report(), dueInMs));
      const askIfDue = () => ask('a', LONG, RULE);

      it('are given where nothing is stored, and where the stored time has come', async () => {
        for (const store of [() => undefined, () => storeDue(-MINUTE), () => storeDue(MINUTE / 2)]) {
          await store();
          await release(leaseOf(await askIfDue()));
        }
      });

      it('are not given where another process has just synced', async () => {
        await release(await take('b'));
        await storeDue(29 * MINUTE);
        const answer = await askIfDue();
        expect(answer).to.include({ kind: 'not-due' });
        expect(answer)
          .to.have.property('dueInMs')
          .that.is.within(28 * MINUTE, 29 * MINUTE);
        expect((await ask('a')).kind).to.equal('acquired');
      });

      it('are given where the stored time is of a longer interval', async () => {
        await storeDue(60 * MINUTE);
        expect((await askIfDue()).kind).to.equal('acquired');
      });
    });
  });
}

function leaseOf(answer: LeaseAnswer): Lease {
  if (answer.kind === 'acquired') return answer.lease;
  throw new Error(`expected a lease, got ${JSON.stringify(answer)}`);
}

function report(): SyncReport {
  const at = new Date(Date.UTC(2026, 0, 1)).toISOString();
  return {
    ...{ ...MAIN, runId: 'run-1', dataType: 'balances', status: 'ok' },
    ...{ itemsProcessed: 0, itemsSynced: 0, startedAt: at, finishedAt: at, requests: 1, errors: [] },
  };
}
