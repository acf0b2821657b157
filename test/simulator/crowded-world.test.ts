import { expect } from 'chai';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { AccountTruth } from '#src/simulator/truth.js';
import { crowdedPlan } from '#src/simulator/world/presets/crowded.js';
import { askBinance, askBybit } from './simulated-http.js';

describe('the crowded world', () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator({ seed: 'crowded', plan: crowdedPlan() });
  });

  afterEach(() => simulator.stop());

  it('has more positions than a page holds', async () => {
    const query = { category: 'linear', settleCoin: 'USDT', limit: '200' };
    const first = (await askBybit(simulator, '/v5/position/list', query)).json.result;
    expect(first.list).to.have.length(200);
    const cursor = decodeURIComponent(first.nextPageCursor);
    const second = (await askBybit(simulator, '/v5/position/list', { ...query, cursor })).json.result;
    expect(second.nextPageCursor).to.equal('');
    const rows = [...first.list, ...second.list].filter((row) => row.size !== '0');
    expect(rows).to.have.length(truth('bybit', 'main').positions.length);
  });

  it('holds both sides of a market in hedge mode, and marks which is which', async () => {
    const query = { category: 'linear', symbol: 'BTCUSDT' };
    const { list } = (await askBybit(simulator, '/v5/position/list', query)).json.result;
    const sides = list.map((row: { positionIdx: number; side: string; size: string }) => [
      row.positionIdx,
      row.side,
      row.size,
    ]);
    expect(sides).to.have.deep.members([
      [1, 'Buy', '0.3'],
      [2, 'Sell', '0.1'],
    ]);
    const rows = (await askBinance(simulator, 'https://fapi.binance.com/fapi/v3/positionRisk')).json;
    const hedged = rows.filter((row: { symbol: string }) => row.symbol === 'BTCUSDT');
    expect(
      hedged.map((row: { positionSide: string; positionAmt: string }) => [row.positionSide, row.positionAmt]),
    ).to.have.deep.members([
      ['LONG', '0.3'],
      ['SHORT', '-0.1'],
    ]);
    const symbols = truth('binance', 'main').positions.filter(({ symbol }) => symbol === 'BTC/USDT:USDT');
    expect(symbols.map(({ side }) => side)).to.have.members(['long', 'short']);
  });

  it('closes one side of a hedge and leaves the other', () => {
    const before = truth('binance', 'main').positions.filter(({ symbol }) => symbol === 'BTC/USDT:USDT');
    expect(before).to.have.length(2);
    simulator.world.advance();
    const after = truth('binance', 'main').positions.filter(({ symbol }) => symbol === 'BTC/USDT:USDT');
    expect(after.map(({ side, contracts }) => [side, contracts])).to.deep.equal([['short', '0.1']]);
  });

  it('liquidates isolated positions on their losing side', async () => {
    const isolated = truth('binance', 'main').positions.filter(({ marginMode }) => marginMode === 'isolated');
    expect(isolated).to.have.length(3);
    for (const { side, liquidationPrice, entryPrice } of isolated) {
      const isBelow = Number(liquidationPrice) < Number(entryPrice);
      expect(isBelow).to.equal(side === 'long');
    }
    const rows = (await askBinance(simulator, 'https://dapi.binance.com/dapi/v1/positionRisk')).json;
    const row = rows.find((one: { symbol: string }) => one.symbol === 'BTCUSD_PERP');
    expect(row.marginType).to.equal('isolated');
    expect(Number(row.isolatedMargin)).to.be.greaterThan(0);
  });

  it('answers for an account that holds nothing with an empty list, and success', async () => {
    const options = { account: 'empty' };
    const wallet = await askBybit(
      simulator,
      '/v5/account/wallet-balance',
      { accountType: 'UNIFIED' },
      options,
    );
    expect([wallet.json.retCode, wallet.json.result.list[0].coin]).to.deep.equal([0, []]);
    const orders = await askBybit(simulator, '/v5/order/realtime', { category: 'spot' }, options);
    expect(orders.json.result).to.deep.equal({ category: 'spot', list: [], nextPageCursor: '' });
    simulator.world.advance();
    expect(truth('bybit', 'empty').balances).to.deep.equal([]);
  });

  it('refuses a plan that the exchange could not have', async () => {
    const plan = (holdings: [string, string, string][]) => ({
      accounts: [{ exchange: 'bybit', account: 'main', holdings }],
    });
    const failure = await startSimulator({ plan: plan([['MAIN', 'BTC', '1']]) }).catch((error) => error);
    expect(failure).to.be.instanceOf(RangeError);
    expect(failure.message).to.equal('bybit has no wallet MAIN; its wallets: UNIFIED, FUND');
  });

  function truth(exchange: string, account: string): AccountTruth {
    const found = simulator.truth().exchanges[exchange]?.accounts[account];
    if (found === undefined) throw new Error(`the world has no ${exchange}/${account}`);
    return found;
  }
});
