import { expect } from 'chai';
import { GuardedEmitter } from '#src/bridge/guarded-emitter.js';

interface Events {
  tick: (count: number) => void;
}

class Ticker extends GuardedEmitter<Events> {
  readonly failures: [string, unknown][] = [];

  protected override listenerFailed(event: keyof Events, error: unknown): void {
    this.failures.push([event, error]);
  }
}

describe('GuardedEmitter', () => {
  it('calls every listener though one throws and another rejects', async () => {
    const ticker = new Ticker();
    const thrown = new Error('thrown');
    const rejected = new Error('rejected');
    const seen: number[] = [];
    ticker.on('tick', () => {
      throw thrown;
    });
    ticker.on('tick', async () => {
      throw rejected;
    });
    ticker.on('tick', (count) => seen.push(count));
    expect(ticker.emit('tick', 1)).to.equal(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(seen).to.deep.equal([1]);
    expect(ticker.failures).to.deep.equal([
      ['tick', thrown],
      ['tick', rejected],
    ]);
  });

  it('keeps what on, once, off and the context mean', () => {
    const ticker = new Ticker();
    const seen: unknown[] = [];
    const listener = (count: number) => seen.push(count);
    ticker.once('tick', listener);
    ticker.emit('tick', 1);
    ticker.emit('tick', 2);
    expect(seen).to.deep.equal([1]);
    ticker.on('tick', listener);
    ticker.emit('tick', 3);
    ticker.off('tick', listener);
    ticker.emit('tick', 4);
    ticker.once('tick', listener);
    ticker.removeListener('tick', listener);
    ticker.emit('tick', 5);
    expect(seen).to.deep.equal([1, 3]);
    ticker.addListener('tick', listener);
    expect(ticker.listenerCount('tick')).to.equal(1);
    ticker.off('tick');
    expect(ticker.listenerCount('tick')).to.equal(0);
    const context = { name: 'context' };
    ticker.on(
      'tick',
      function (this: unknown) {
        seen.push(this);
      },
      context,
    );
    ticker.emit('tick', 6);
    expect(seen.at(-1)).to.equal(context);
  });
});
