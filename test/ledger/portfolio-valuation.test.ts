import { expect } from 'chai';
import { valuePortfolio, type WalletBalance } from '#src/ledger/portfolio-valuation.js';
import { PriceGraph } from '#src/ledger/price-graph.js';

const balance = (wallet: string, currency: string, total: string, completeAtMs = 100): WalletBalance => ({
  wallet,
  currency,
  total,
  completeAtMs,
});

const prices = new PriceGraph('USDT', [
  { base: 'BTC', quote: 'USDT', price: '67000.10', source: 'last', pricedAtMs: 90, stale: false },
  { base: 'XYZ', quote: 'BTC', price: '0.00000001', source: 'mid', pricedAtMs: 80, stale: true },
]);

describe('valuePortfolio', () => {
  it('gives one item per asset with the exact sum over wallets, its value, and what it rests on', () => {
    const items = valuePortfolio(
      [balance('UNIFIED', 'BTC', '0.1', 300), balance('FUND', 'BTC', '0.2', 200)],
      prices,
    );
    expect(items).to.deep.equal([
      {
        asset: 'BTC',
        quantity: '0.3',
        price: '67000.1',
        priceSource: 'BTC/USDT last',
        pricedAtMs: 90,
        value: '20100.03',
        quoteCurrency: 'USDT',
        avgEntryPrice: undefined,
        basisKnownQuantity: undefined,
        basisUnknownQuantity: undefined,
        realizedPnl: undefined,
        basisNote: 'Fills are not mirrored yet, so what this quantity cost is unknown.',
        observedFromMs: 200,
        observedToMs: 300,
      },
    ]);
  });

  it('subtracts debt, below zero where it must', () => {
    const [btc, usdt] = valuePortfolio(
      [balance('spot', 'BTC', '1'), balance('margin', 'BTC', '-1.5'), balance('margin', 'USDT', '-250.5')],
      prices,
    );
    expect(btc).to.include({ quantity: '-0.5', value: '-33500.05' });
    expect(usdt).to.include({ quantity: '-250.5', value: '-250.5', priceSource: 'quote currency' });
  });

  it('has no price and no value where no market leads to the quote currency', () => {
    const [item] = valuePortfolio([balance('spot', 'NEW', '5')], prices);
    expect(item).to.include({
      quantity: '5',
      price: undefined,
      priceSource: undefined,
      pricedAtMs: undefined,
      value: undefined,
    });
  });

  it('says when a price is stale', () => {
    const [item] = valuePortfolio([balance('spot', 'XYZ', '1')], prices);
    expect(item).to.include({ priceSource: 'XYZ/BTC mid (stale) x BTC/USDT last', pricedAtMs: 80 });
  });

  it('keeps an asset whose quantity went to zero, and gives nothing for an account that holds nothing', () => {
    const [item] = valuePortfolio([balance('spot', 'BTC', '0.000')], prices);
    expect(item).to.include({ asset: 'BTC', quantity: '0', value: '0' });
    expect(valuePortfolio([], prices)).to.deep.equal([]);
  });

  it('orders by asset, whatever the order of the balances', () => {
    const rows = ['ETH', 'BTC', 'AAA'].map((currency) => balance('spot', currency, '1'));
    const assets = valuePortfolio(rows, prices).map(({ asset }) => asset);
    expect(assets).to.deep.equal(['AAA', 'BTC', 'ETH']);
  });
});
