import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { AcceptedSyncs } from '#src/server/accepted-syncs.js';
import { settled } from '../support/manual-clock.js';

const ignore = () => undefined;

describe('AcceptedSyncs', () => {
  it('remembers the last 200, and one that ends after it was forgotten stays forgotten', async () => {
    const syncs = new AcceptedSyncs();
    let finish: (reports: []) => void = ignore;
    const reports = new Promise<[]>((resolve) => {
      finish = resolve;
    });
    const first = syncs.accept([], reports, ignore);
    const others = Array.from({ length: 199 }, () => syncs.accept([], Promise.resolve([]), ignore));
    expect(syncs.find(first.id)).to.include({ state: 'running' });
    syncs.accept([], Promise.resolve([]), ignore);
    finish([]);
    await settled();
    expect(syncs.find(first.id)).to.equal(undefined);
    expect(syncs.find(others[0]?.id ?? '')).to.deep.include({ state: 'finished', reports: [] });
  });

  it('says why there are no reports, and tells who accepted it', async () => {
    const syncs = new AcceptedSyncs();
    const told: unknown[] = [];
    const error = new ExchangeSyncError('WORKER_LOST', 'the worker died');
    const { id } = syncs.accept([], Promise.reject(error), (failure) => told.push(failure));
    await settled();
    expect(syncs.find(id)).to.deep.include({
      state: 'failed',
      error: { code: 'WORKER_LOST', message: 'the worker died' },
    });
    expect(told).to.deep.equal([error]);
  });
});
