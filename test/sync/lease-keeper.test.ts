import { expect } from 'chai';
import { LeaseRepository } from '#src/storage/lease-repository.js';
import { LeaseKeeper } from '#src/sync/lease-keeper.js';
import { ManualClock } from '../support/manual-clock.js';
import { useTestDatabase } from '../support/postgres.js';
import { silentLogger } from '../support/silent-logger.js';

const REQUEST = { exchange: 'bybit', account: 'main', dataType: 'balances' } as const;

describe('LeaseKeeper', () => {
  const test = useTestDatabase();

  function keeper(owner: string, gone: readonly string[] = []): LeaseKeeper {
    return new LeaseKeeper({
      owner,
      isGone: async (other) => gone.includes(other),
      durationMs: 60_000,
      leases: new LeaseRepository({ schema: test.schema }),
      database: test.database,
      clock: new ManualClock(1000),
      logger: silentLogger,
    });
  }

  const acquire = (by: LeaseKeeper) =>
    by.acquire(REQUEST, new AbortController().signal, async () => undefined);

  it('waits for no lease of a process that is no more', async () => {
    const first = await acquire(keeper('killed'));
    const second = await acquire(keeper('next', ['killed']));
    if (first.kind !== 'acquired' || second.kind !== 'acquired') throw new Error('a lease was refused');
    // The fence is what counts, should it live after all.
    const refused = await test.database.transaction((tx) => first.lease.fence(tx)).catch((error) => error);
    expect(refused).to.have.property('code', 'LEASE_LOST');
    first.lease.end();
    second.lease.end();
  });

  it('leaves alone what a living process holds', async () => {
    const first = await acquire(keeper('alive'));
    expect((await acquire(keeper('next', ['somebody else']))).kind).to.equal('held');
    if (first.kind === 'acquired') first.lease.end();
  });
});
