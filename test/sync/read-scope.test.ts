import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import type { ScopeRead } from '#src/domain/scope-read.js';
import { readScope } from '#src/sync/read-scope.js';

interface Key {
  readonly id: string;
}

function answer(ids: readonly string[], rest: Partial<ScopeRead<Key>> = {}): ScopeRead<Key> {
  return {
    scope: 'wallet',
    records: ids.map((id) => ({ id })),
    rejected: [],
    pages: 1,
    requestedAtMs: 1000,
    ...rest,
  };
}

function read(present: readonly string[], answers: (ScopeRead<Key> | Error)[], signal?: AbortSignal) {
  let asked = 0;
  const snapshot = readScope<Key, Key>({
    scope: 'wallet',
    read: async () => {
      const next = answers[asked++];
      if (next === undefined) throw new Error('read more often than expected');
      if (next instanceof Error) throw next;
      return next;
    },
    present: present.map((id) => ({ id })),
    identify: ({ id }) => id,
    now: () => 900,
    signal: signal ?? new AbortController().signal,
  });
  return snapshot.then((result) => ({ ...result, asked }));
}

const ids = (keys: readonly Key[]) => keys.map(({ id }) => id);

describe('readScope', () => {
  it('calls absent what a complete answer of one page does not have', async () => {
    const snapshot = await read(['BTC', 'ETH'], [answer(['BTC'])]);

    expect(ids(snapshot.absent)).to.deep.equal(['ETH']);
    expect(snapshot.result).to.deep.equal({ scope: 'wallet', attemptedAtMs: 900, completeAtMs: 1000 });
  });

  it('asks once when nothing is missing, however many pages there are', async () => {
    const snapshot = await read(['a'], [answer(['a', 'b'], { pages: 3 })]);

    expect(snapshot.asked).to.equal(1);
    expect(snapshot.absent).to.deep.equal([]);
  });

  it('takes absence from several pages only when a second read confirms it', async () => {
    const snapshot = await read(
      ['slipped', 'gone'],
      [answer(['a'], { pages: 2 }), answer(['a', 'slipped'], { pages: 2 })],
    );

    expect(ids(snapshot.absent)).to.deep.equal(['gone']);
    expect(ids(snapshot.records)).to.have.members(['a', 'slipped']);
  });

  it('calls nothing absent while the second read has set a row aside', async () => {
    const rejected = [{ row: 'balance of ?', reason: 'total: not said' }];
    const snapshot = await read(
      ['gone'],
      [answer(['a'], { pages: 2 }), answer(['a'], { pages: 2, rejected })],
    );

    expect(ids(snapshot.absent)).to.deep.equal([]);
    expect(snapshot.result).not.to.have.property('completeAtMs');
    expect(snapshot.result.error?.code).to.equal('RECORD_INVALID');
  });

  it('keeps what only the first of two reads saw', async () => {
    const snapshot = await read(
      ['gone'],
      [answer(['a', 'first'], { pages: 2 }), answer(['a'], { pages: 2 })],
    );

    expect(ids(snapshot.records)).to.have.members(['first', 'a']);
    expect(ids(snapshot.absent)).to.deep.equal(['gone']);
  });

  it('calls nothing absent, and the scope not complete, when the second read fails', async () => {
    const failure = new ExchangeSyncError('EXCHANGE_TIMEOUT', 'no answer');
    const snapshot = await read(['gone'], [answer(['a'], { pages: 2 }), failure]);

    expect(snapshot.absent).to.deep.equal([]);
    expect(ids(snapshot.records)).to.deep.equal(['a']);
    expect(snapshot.result).to.deep.equal({
      scope: 'wallet',
      attemptedAtMs: 900,
      error: { code: 'EXCHANGE_TIMEOUT', message: 'no answer', scope: 'wallet' },
    });
  });

  it('calls nothing absent while a row is set aside: it might be the missing one', async () => {
    const rejected = [{ row: 'currency ETH', reason: 'total: not a number' }];
    const snapshot = await read(['BTC', 'ETH'], [answer(['BTC'], { rejected })]);

    expect(snapshot.absent).to.deep.equal([]);
    expect(ids(snapshot.records)).to.deep.equal(['BTC']);
    expect(snapshot.rejected).to.equal(1);
    expect(snapshot.result).not.to.have.property('completeAtMs');
    expect(snapshot.result.error?.code).to.equal('RECORD_INVALID');
    expect(snapshot.result.error?.message).to.include('currency ETH: total: not a number');
  });

  it('writes nothing and calls nothing absent after a failure', async () => {
    const snapshot = await read(['BTC'], [new ExchangeSyncError('PERMISSION_DENIED', 'not yours')]);

    expect(snapshot.records).to.deep.equal([]);
    expect(snapshot.absent).to.deep.equal([]);
    expect(snapshot.result.error?.code).to.equal('PERMISSION_DENIED');
  });

  it('reports a foreign error as a defect of the program', async () => {
    const snapshot = await read([], [new TypeError('x is undefined')]);

    expect(snapshot.result.error).to.deep.equal({
      code: 'INTERNAL',
      message: 'x is undefined',
      scope: 'wallet',
    });
  });

  it('rejects when it was aborted', async () => {
    const controller = new AbortController();
    controller.abort(new ExchangeSyncError('ABORTED', 'stopping'));

    const error = await read([], [new Error('socket closed')], controller.signal).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.equal(controller.signal.reason);
  });
});
