import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type ExchangeFacts, genericProfile } from '#src/exchange/profiles/generic.js';
import { profileOf } from '#src/exchange/profiles/index-of-profiles.js';

const SOURCES = new URL('./src/', import.meta.resolve('ccxt'));

async function factsOf(id: string): Promise<ExchangeFacts> {
  const { default: Exchange } = await import(new URL(`${id}.js`, SOURCES).href);
  return new Exchange();
}

describe('the generic profile', () => {
  it('can be made of every exchange that ccxt has, and claims what ccxt claims', async function () {
    this.timeout(120_000);
    const ids = readdirSync(fileURLToPath(SOURCES))
      .filter((name) => name.endsWith('.js'))
      .map((name) => name.slice(0, -'.js'.length));
    expect(ids.length).greaterThan(100);
    for (const id of ids) {
      const facts = await factsOf(id);
      const profile = genericProfile(facts);
      const claims = [
        [profile.balances, 'fetchBalance'],
        [profile.positions, 'fetchPositions'],
        [profile.openOrders, 'fetchOpenOrders'],
        [profile.prices, 'fetchTickers'],
      ] as const;
      for (const [scopes, method] of claims) {
        expect(scopes.length > 0, `${id} ${method}`).equal(Boolean(facts.has[method]));
      }
      for (const { recent } of profile.openOrders) {
        const list = profile.recentOrders.find((scope) => scope.id === recent);
        expect(recent === undefined || Boolean(list && facts.has[list.method]), `${id} ${recent}`).equal(
          true,
        );
      }
      expect(profile.unseenWallets, id).not.deep.equal([]);
      expect(profile.trades.length === 0 || Boolean(facts.has.fetchMyTrades), id).equal(true);
      expect(profile.flowsArePartial, id).equal(true);
    }
  });

  it('reads fills only where ccxt says how many come at once and how long a range may be', async () => {
    const fillsOf = async (id: string) =>
      genericProfile(await factsOf(id)).trades.map(({ id: scope, windowMs, needsSymbol, paging }) => {
        const days = (windowMs ?? 0) / (24 * 60 * 60_000);
        return [scope, days, needsSymbol, paging.kind === 'single' && paging.cutAt];
      });
    expect(await fillsOf('cryptocom')).deep.equal([
      ['spot', 1, false, 100],
      ['swap', 1, false, 100],
      ['future', 1, false, 100],
    ]);
    expect(await fillsOf('bitget')).deep.include(['spot', 90, true, 100]);
    expect(await fillsOf('krakenfutures')).deep.equal([]);
    const { retentionMs } = genericProfile(await factsOf('htx')).trades[0] ?? {};
    expect(retentionMs).equal(120 * 24 * 60 * 60_000);
  });

  it('prefers lists that hold cancelled orders, and asks per symbol where ccxt says so', async () => {
    const recentOf = async (id: string) => {
      const [scope] = genericProfile(await factsOf(id)).recentOrders;
      return [scope?.method, scope?.needsSymbol];
    };
    expect(await recentOf('bitget')).deep.equal(['fetchCanceledAndClosedOrders', false]);
    expect(await recentOf('mexc')).deep.equal(['fetchOrders', true]);
    expect(await recentOf('kraken')).deep.equal(['fetchClosedOrders', false]);
  });

  it('sends no parameter for the type of market that is read anyway', async () => {
    const { openOrders, prices } = genericProfile(await factsOf('hyperliquid'));
    expect(openOrders.map(({ id, params }) => [id, params])).deep.include(['swap', {}]);
    expect(prices.map(({ params }) => params)).deep.equal([{ type: 'spot' }]);
    const [kraken] = genericProfile(await factsOf('kraken')).openOrders;
    expect(kraken?.params).deep.equal({});
  });

  it('is not asked for where there is a better one', () => {
    const refuse = () => {
      throw new Error('asked for the facts');
    };
    expect(profileOf('bybit', refuse).exchange).equal('bybit');
    expect(profileOf('binance', refuse).exchange).equal('binance');
    expect(() => profileOf('coinex', refuse)).throw('asked for the facts');
  });
});
