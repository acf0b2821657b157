import { expect } from 'chai';
import { type KnownScope, scopeCoverage } from '#src/ledger/scope-coverage.js';

const KEY = { exchange: 'bybit', account: 'main', dataType: 'trades', scope: 'spot' } as const;
const EMPTY: KnownScope = {
  wanted: undefined,
  complete: [],
  lost: [],
  rereads: [],
  setAside: 0,
  nextLossAtMs: undefined,
};

const range = (fromMs: number, toMs: number) => ({ fromMs, toMs });
const iso = (fromMs: number, toMs: number) => ({
  from: new Date(fromMs).toISOString(),
  to: new Date(toMs).toISOString(),
});

describe('scopeCoverage', () => {
  it('is nothing of what was never planned nor read', () => {
    expect(scopeCoverage(KEY, EMPTY)).to.equal(undefined);
  });

  it('tells what is proven, missing and lost of what is asked for', () => {
    const coverage = scopeCoverage(KEY, {
      wanted: range(1000, 2000),
      complete: [range(500, 1100), range(1400, 1900)],
      lost: [{ ...range(900, 1200), reason: 'too old' }],
      rereads: [range(1500, 1600)],
      setAside: 2,
      nextLossAtMs: 9000,
    });
    expect(coverage).to.deep.equal({
      ...KEY,
      ...iso(1000, 2000),
      provenShare: '0.6',
      complete: [iso(1000, 1100), iso(1400, 1900)],
      gaps: [iso(1200, 1400), iso(1900, 2000)],
      lost: [{ ...iso(1000, 1200), reason: 'too old' }],
      rereads: [iso(1500, 1600)],
      setAside: 2,
      nextLossAt: new Date(9000).toISOString(),
    });
  });

  it('is never rounded up to all of it', () => {
    const whole = range(0, 3 * 365 * 86_400_000);
    const share = (toMs: number) =>
      scopeCoverage(KEY, { ...EMPTY, wanted: whole, complete: [range(0, toMs)] })?.provenShare;
    expect(share(whole.toMs - 1)).to.equal('0.999999');
    expect(share(whole.toMs)).to.equal('1');
    expect(share(1)).to.equal('0');
  });

  it('is of what is known where nothing is asked for any more', () => {
    const coverage = scopeCoverage(KEY, { ...EMPTY, complete: [range(1000, 1500), range(1600, 2000)] });
    expect(coverage).to.deep.include({ ...iso(1000, 2000), provenShare: '0.9' });
  });
});
