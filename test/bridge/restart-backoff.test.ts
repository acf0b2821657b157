import { expect } from 'chai';
import { RESTART, RestartBackoff } from '#src/bridge/restart-backoff.js';

describe('RestartBackoff', () => {
  it('doubles up to a minute and never gives up', () => {
    const backoff = new RestartBackoff(RESTART);
    const delays = Array.from({ length: 9 }, () => backoff.next(0).delayMs);
    expect(delays).to.deep.equal([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
    for (let i = 0; i < 5_000; i += 1) backoff.next(0);
    expect(backoff.next(0)).to.deep.equal({ attempt: 5_010, delayMs: 60_000 });
  });

  it('starts over once the worker ran well', () => {
    const backoff = new RestartBackoff(RESTART);
    backoff.next(0);
    expect(backoff.next(RESTART.ranWellMs - 1).attempt).to.equal(2);
    expect(backoff.next(RESTART.ranWellMs)).to.deep.equal({ attempt: 1, delayMs: 1_000 });
  });
});
