import { expect } from 'chai';
import { formatPortfolio } from '#src/cli/portfolio-table.js';
import type { PortfolioItem } from '#src/domain/portfolio-view.js';
import { display } from './display.js';

const NOW_MS = Date.UTC(2026, 0, 2);
const HOUR_MS = 60 * 60_000;
const hoursAgo = (hours: number) => new Date(NOW_MS - hours * HOUR_MS).toISOString();

function shown(item: Partial<PortfolioItem>): string {
  const whole: PortfolioItem = {
    ...{ exchange: 'bybit', account: 'main', asset: 'BTC', quantity: '2', quoteCurrency: 'USDT' },
    ...{ currentPrice: '100', priceSource: 'BTC/USDT last', pricedAt: hoursAgo(1), value: '200' },
    ...{ avgEntryPrice: null, basisKnownQuantity: null, basisUnknownQuantity: null, basisNote: null },
    ...{ unrealizedPnl: null, realizedPnl: null, observedFrom: hoursAgo(1), observedTo: hoursAgo(1) },
    ...item,
  };
  return formatPortfolio({ items: [whole], values: [] }, display(), NOW_MS);
}

describe('the table of the portfolio', () => {
  it('shows the age of the older of quantity and price', () => {
    const anHour = shown({});
    const aDayOld = shown({ observedFrom: hoursAgo(24) });
    expect(aDayOld).to.not.equal(anHour);
    expect(shown({ pricedAt: hoursAgo(24) })).to.equal(aDayOld);
    expect(shown({ pricedAt: null, observedFrom: hoursAgo(24) })).to.equal(aDayOld);
  });
});
