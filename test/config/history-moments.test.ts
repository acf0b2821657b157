import { expect } from 'chai';
import { parsePastRange, parseStart } from '#src/config/history-moments.js';
import { ExchangeSyncError } from '#src/domain/errors.js';

const NOW_MS = Date.UTC(2026, 10, 20, 12);

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error: unknown) {
    if (error instanceof ExchangeSyncError && error.code === 'RANGE_INVALID') return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

describe('the moments that a person gives for histories', () => {
  it('takes a day as its first millisecond in UTC, and a time in its zone', () => {
    const accepted: readonly (readonly [string, number])[] = [
      ['2024-02-29', Date.UTC(2024, 1, 29)],
      [' 2024-01-31T12:00:00Z ', Date.UTC(2024, 0, 31, 12)],
      ['2024-01-31 12:00Z', Date.UTC(2024, 0, 31, 12)],
      ['2024-01-31T12:00:00.250+02:00', Date.UTC(2024, 0, 31, 10, 0, 0, 250)],
    ];
    for (const [text, ms] of accepted) expect(parseStart('from', text, NOW_MS), text).to.equal(ms);
  });

  it('says of anything else that it is not a date, and what is one', () => {
    const none: readonly unknown[] = [
      ...['', 'yesterday', '2024', '31.01.2024', '01/31/2024', '2024-13-01', '2023-02-29', '2024-02-30'],
      ...['2024-01-31T25:00:00Z', '2024-01-31T12:00:00', '1706659200000', 1_706_659_200_000, null, {}],
    ];
    for (const value of none) {
      const message = refusal(() => parseStart('from', value, NOW_MS));
      expect(message).to.match(/^from: .* is not a date; give a day such as 2024-01-31 \(UTC\)/);
      expect(message).to.contain(JSON.stringify(value));
    }
  });

  it('refuses the future, this very moment, and what is before any coin', () => {
    expect(refusal(() => parseStart('from', '2026-11-20T12:00:00Z', NOW_MS))).to.contain('in the future');
    expect(refusal(() => parseStart('from', '2026-11-21', NOW_MS))).to.contain('in the future');
    expect(parseStart('from', '2026-11-20T11:59:59.999Z', NOW_MS)).to.equal(NOW_MS - 1);
    expect(refusal(() => parseStart('from', '2009-01-02', NOW_MS))).to.contain('from 2009-01-03 on');
    expect(parseStart('from', '2009-01-03', NOW_MS)).to.equal(Date.UTC(2009, 0, 3));
  });

  it('takes a range that ends after it begins, up to now', () => {
    const fromMs = Date.UTC(2026, 10, 1);
    expect(parsePastRange('2026-11-01', '2026-11-03', NOW_MS)).to.deep.equal({
      fromMs,
      toMs: Date.UTC(2026, 10, 3),
    });
    expect(parsePastRange('2026-11-01', '2026-12-01', NOW_MS)).to.deep.equal({ fromMs, toMs: NOW_MS });
    expect(refusal(() => parsePastRange('2026-11-01', '2026-11-01', NOW_MS))).to.contain(
      'does not come after 2026-11-01',
    );
    expect(refusal(() => parsePastRange('2026-11-01', 'later', NOW_MS))).to.match(
      /^to: "later" is not a date/,
    );
  });
});
