import { expect } from 'chai';
import { formatProof } from '#src/cli/proof-text.js';
import type { AssetProof } from '#src/domain/proof-view.js';
import { display } from './display.js';

function proven(fields: Partial<AssetProof> = {}): AssetProof {
  return {
    ...{ exchange: 'bybit', account: 'main', asset: 'BTC', state: 'proven', reason: null },
    ...{ horizon: '2024-11-20T00:00:00.000Z', opening: '0', openingSource: 'account-opened' },
    ...{ fills: '2', fees: '0.002', transfers: '-0.5', ledger: '0', expected: '1.498', reported: '1.498' },
    ...{
      unexplainedQuantity: '0',
      observedAt: '2026-03-01T12:00:00.123Z',
      checkedAt: '2026-03-01T12:01:00.000Z',
    },
    ...fields,
  };
}

const text = (assets: readonly AssetProof[], columns?: number) => formatProof(assets, display(columns));

describe('the proof, as text', () => {
  it('shows of each asset that adds up what it is the sum of, with the fees as they count', () => {
    expect(text([proven()])).to.match(
      /^bybit\/main {2}BTC .* 0 {6}2 {2}-0\.002 {7}-0\.5 {7}0 {5}1\.498 {2}2024-11-20 {2}2026-03-01 12:00:00Z$/m,
    );
    expect(text([proven()])).to.match(/The asset adds up to the last digit\.\n$/);
    expect(text([proven(), proven({ asset: 'ETH' })])).to.match(/All 2 assets add up to the last digit\.\n$/);
  });

  it('marks an opening that is inferred', () => {
    expect(text([proven({ opening: '3', openingSource: 'inferred' })])).to.match(
      / 3 \* .*\n\* The opening is inferred/s,
    );
    expect(text([proven()])).to.not.contain('*');
  });

  it('shows what does not add up by how much, and what to do', () => {
    const over = proven({ asset: 'ETH', state: 'unexplained', reported: '2', unexplainedQuantity: '0.502' });
    const shown = text([proven(), over]);
    expect(shown).to.match(/Do not add up:\n\n.*\nbybit\/main {2}ETH +1\.498 +2 +\+0\.502 /);
    expect(shown).to.contain('  exchange-sync backfill bybit/main --all-symbols\n');
    expect(shown).to.match(/1 of 2 assets add up to the last digit; 1 does not\.\n$/);
    const under = proven({ ...over, unexplainedQuantity: '-0.502' });
    expect(text([under])).to.match(/ -0\.502 /);
  });

  it('keeps what is pending and what is unknown apart, once for each reason', () => {
    const reason = 'bybit/main trades has a gap';
    const unknown = (asset: string) => proven({ asset, state: 'unknown', reason });
    const pending = proven({ asset: 'SOL', state: 'pending', reason: 'a transfer is on its way' });
    const shown = text([unknown('BTC'), unknown('ETH'), pending]);
    expect(shown).to.contain(`bybit/main: unknown: BTC, ETH\n  ${reason}\n`);
    expect(shown).to.contain('bybit/main: pending: SOL\n  a transfer is on its way\n');
    expect(shown).to.match(/0 of 3 assets add up to the last digit; 1 pending, 2 unknown\.\n$/);
  });

  it('fits a terminal, with what was reported last to go', () => {
    const shown = text([proven({ reported: '123456789.123456789' })], 60);
    for (const line of shown.split('\n')) expect(line.length).to.be.at.most(60);
    expect(shown).to.contain('123456789.123456789');
  });

  it('says how to begin', () => {
    expect(text([])).to.match(/^Nothing is proven yet: .*exchange-sync run --one-time/);
  });
});
