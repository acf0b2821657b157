import { expect } from 'chai';
import { watchHost } from '#src/bridge/host-watch.js';
import type { LogRecord } from '#src/logging/logger.js';

describe('watchHost', () => {
  it('tells the owner of the host that its loop was blocked, once it answers again', () => {
    const lines: LogRecord[] = [];
    let nowMs = 50_000;
    const notePing = watchHost(
      (record) => lines.push(record),
      () => nowMs,
    );
    for (const passedMs of [0, 1_000, 4_999, 6_000, 1_000]) {
      nowMs += passedMs;
      notePing();
    }
    expect(lines.map(({ level, fields }) => [level, fields])).to.deep.equal([
      ['WARNING', { silentMs: 6_000 }],
    ]);
  });
});
