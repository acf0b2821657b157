import { expect } from 'chai';
import { formatPortfolio } from '#src/cli/portfolio-table.js';
import type { PortfolioItem, PortfolioValue } from '#src/domain/portfolio-view.js';
import { display } from './display.js';

const NOW_MS = Date.UTC(2026, 0, 2);
const HOUR_MS = 60 * 60_000;
const hoursAgo = (hours: number) => new Date(NOW_MS - hours * HOUR_MS).toISOString();

function shown(item: Partial<PortfolioItem>, sums?: Partial<PortfolioValue>): string {
  const whole: PortfolioItem = {
    ...{ exchange: 'bybit', account: 'main', asset: 'BTC', quantity: '2', quoteCurrency: 'USDT' },
    ...{ currentPrice: '100', priceSource: 'BTC/USDT last', pricedAt: hoursAgo(1), value: '200' },
    ...{ avgEntryPrice: null, basisKnownQuantity: null, basisUnknownQuantity: null, basisNote: null },
    ...{ unrealizedPnl: null, realizedPnl: null, observedFrom: hoursAgo(1), observedTo: hoursAgo(1) },
    ...item,
  };
  const value: PortfolioValue = {
    ...{ quoteCurrency: 'USDT', value: '200', pricedAssets: 1, unpricedAssets: 0, pricedShare: '1' },
    ...{ oldestObservation: hoursAgo(1), staleAccounts: [], unrealizedPnl: null },
    ...{ holdingsUnrealizedPnl: null, realizedPnl: null },
    ...sums,
  };
  return formatPortfolio({ items: [whole], values: sums === undefined ? [] : [value] }, display(), NOW_MS);
}

describe('the table of the portfolio', () => {
  it('shows the age of the older of quantity and price', () => {
    const anHour = shown({});
    const aDayOld = shown({ observedFrom: hoursAgo(24) });
    expect(aDayOld).to.not.equal(anHour);
    expect(shown({ pricedAt: hoursAgo(24) })).to.equal(aDayOld);
    expect(shown({ pricedAt: null, observedFrom: hoursAgo(24) })).to.equal(aDayOld);
  });

  it('shows what the known part has cost and gained, and nothing where none of it is known', () => {
    const known = { avgEntryPrice: '90.123456789', basisKnownQuantity: '1.5', basisUnknownQuantity: '0.5' };
    const gained = shown({ ...known, unrealizedPnl: '14.8148148165' });
    expect(gained).to.match(/^ACCOUNT.* AVG ENTRY +UNREALISED .*\nbybit\/main .* 90\.123457 +14\.81 /);
    const unknown = { basisKnownQuantity: '0', basisUnknownQuantity: '2', unrealizedPnl: '0' };
    expect(shown(unknown)).to.match(/ 200\.00 +— +— +1 h/);
  });

  it('sums up what was gained, where it is known', () => {
    const sums = { holdingsUnrealizedPnl: '13500', realizedPnl: '-5987.5' };
    expect(shown({}, sums)).to.match(
      /Value: 200\.00 USDT\n *In it: 13500\.00 USDT unrealised PnL, where the cost is known\.\n *Realised so far: -5987\.50 USDT\.\n$/,
    );
    expect(shown({}, {})).to.match(/Value: 200\.00 USDT\n$/);
  });
});
