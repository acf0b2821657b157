import { expect } from 'chai';
import { BackfillProgress } from '#src/cli/backfill-progress.js';
import type { HistoryChunk } from '#src/domain/backfill-report.js';

function chunk(fields: Partial<HistoryChunk> = {}): HistoryChunk {
  return {
    ...{ exchange: 'bybit', account: 'main', dataType: 'trades', scope: 'spot', covered: null },
    ...{ rows: 100, doneMs: 25, totalMs: 100 },
    ...fields,
  };
}

describe('the progress of a backfill', () => {
  it('is a bar, rows, their rate and the time that is left', () => {
    const progress = new BackfillProgress(1_000);
    progress.add(chunk());
    expect(progress.line(11_000, 200)).to.equal(
      '[#####---------------]   25 %  100 rows  10 rows/s  30 s left  bybit/main trades spot',
    );
  });

  it('counts all that was begun, each by its latest chunk', () => {
    const progress = new BackfillProgress(0);
    progress.add(chunk());
    progress.add(chunk({ account: 'sub1', doneMs: 0, totalMs: 300 }));
    progress.add(chunk({ doneMs: 100 }));
    expect(progress.share()).to.equal(0.25);
    expect(progress.line(10_000, 200)).to.contain('  300 rows  30 rows/s  30 s left  bybit/main');
  });

  it('guesses no end before it knows anything, and none at the end', () => {
    const progress = new BackfillProgress(0);
    expect(progress.line(0, 200)).to.equal('[--------------------]    0 %  0 rows  0 rows/s');
    progress.add(chunk());
    expect(progress.line(1_000, 200)).to.not.contain('left');
    progress.add(chunk({ doneMs: 120 }));
    expect(progress.line(60_000, 200)).to.match(/^\[#{20}\] {2}100 % {2}200 rows {2}3 rows\/s {2}bybit/);
  });

  it('leaves out at the end what does not fit', () => {
    const progress = new BackfillProgress(0);
    progress.add(chunk());
    expect(progress.line(10_000, 40)).to.equal('[#####---------------]   25 %  100 rows');
  });
});
