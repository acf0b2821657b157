import { expect } from 'chai';
import { formatCoverage } from '#src/cli/coverage-text.js';
import type { ScopeCoverage } from '#src/domain/coverage-view.js';
import { display } from './display.js';

const NOW_MS = Date.parse('2026-03-01T00:00:00.000Z');
const DAY_MS = 24 * 60 * 60_000;
const daysAgo = (days: number) => new Date(NOW_MS - days * DAY_MS).toISOString();
const range = (from: number, to: number) => ({ from: daysAgo(from), to: daysAgo(to) });

function scope(fields: Partial<ScopeCoverage> = {}): ScopeCoverage {
  return {
    ...{ exchange: 'bybit', account: 'main', dataType: 'trades', scope: 'spot', provenShare: '1' },
    ...range(100, 0),
    ...{ complete: [range(100, 0)], gaps: [], lost: [], rereads: [], setAside: 0, nextLossAt: null },
    ...fields,
  };
}

function text(scopes: readonly ScopeCoverage[], byScope = false): string {
  return formatCoverage(scopes, display(), { byScope, nowMs: NOW_MS });
}

describe('the coverage, as text', () => {
  it('says that everything is complete only where it is', () => {
    expect(text([scope()])).to.match(/^bybit\/main {2}trades {3}100 % {2}2025-11-21 {5}0 {5}0 {10}0 {2}—$/m);
    expect(text([scope()])).to.match(/Every history is complete from where it begins\.\n$/);
    expect(text([])).to.match(/^No history has been read yet: exchange-sync backfill/);
  });

  it('weighs the scopes of a data type by their time, and never rounds a gap away', () => {
    const half = scope({ scope: 'linear', complete: [range(50, 0)], gaps: [range(100, 50)] });
    const shown = text([scope(), half]);
    expect(shown).to.match(/^bybit\/main {2}trades {2}75\.0 % .* 1 \(50 d\) /m);
    expect(shown).to.match(/\n1 of 1 histories have gaps: exchange-sync backfill reads them\.\n$/);
    const almost = scope({ complete: [range(100, 0.001)], gaps: [range(0.001, 0)] });
    expect(text([almost])).to.match(/ 99\.9 % /);
  });

  it('shows each scope and each gap where that is asked for', () => {
    const half = scope({ scope: 'linear', complete: [range(50, 0)], gaps: [range(100, 50)] });
    const shown = text([scope(), half], true);
    expect(shown).to.match(/^bybit\/main {2}trades {2}spot {5}100 % /m);
    expect(shown).to.match(/^bybit\/main {2}trades {2}linear {2}50\.0 % /m);
    expect(shown).to.contain('bybit/main trades linear\n  Not read: 2025-11-21 to 2026-01-10.\n');
  });

  it('says what is lost and why, once for each reason', () => {
    const reason = 'bybit serves fills of the last 90 days';
    const lossy = (name: string) =>
      scope({ scope: name, complete: [range(90, 0)], lost: [{ ...range(100, 90), reason }] });
    const shown = text([lossy('spot'), lossy('linear')]);
    expect(shown).to.match(/ 90\.0 % .* 2 \(20 d\) /);
    expect(shown).to.contain(`  Lost: 2025-11-21 to 2025-12-01 (2 ranges): ${reason}\n`);
    expect(shown).to.match(/Everything that the exchanges still serve is read\.\n$/);
  });

  it('says what falls off next, and how to be in time', () => {
    const soon = new Date(NOW_MS + 40 * 60_000).toISOString();
    const gap = { complete: [range(99, 0)], gaps: [range(100, 99)] };
    const shown = text([
      scope({ ...gap, nextLossAt: daysAgo(-3) }),
      scope({ ...gap, scope: 'linear', nextLossAt: soon }),
    ]);
    expect(shown).to.match(/ in 40 min$/m);
    expect(shown).to.contain(
      'begins to fall off at the exchange in 40 min: exchange-sync backfill bybit/main\n',
    );
  });

  it('counts rows that are set aside and ranges that wait to be read once more', () => {
    const shown = text([scope({ setAside: 2, rereads: [range(3, 2)] })]);
    expect(shown).to.contain(
      '  Set aside: 2 rows that can not be what they say; see the table sync_set_aside.\n',
    );
    expect(shown).to.contain('  To be read once more: 1 range.\n');
  });

  it('keeps control characters of an exchange from the terminal', () => {
    const reason = 'gone\u001B[2J';
    expect(text([scope({ lost: [{ ...range(2, 1), reason }] })])).to.not.contain('\u001B');
  });
});
