import { okxMarkets } from '../okx-markets.js';
import type { AccountPlan, WorldPlan } from '../world-plan.js';

/** An okx account in multi-currency margin mode, one that owes, and one that holds nothing. */
export function okxPlan(startMs: number): WorldPlan {
  const markets = okxMarkets(startMs);
  const symbolOf = (isWanted: (market: (typeof markets)[number]) => boolean) =>
    markets.find(isWanted)?.symbol ?? '';
  const option = symbolOf(({ kind }) => kind === 'option');
  const dated = symbolOf(({ kind, expiryMs }) => kind === 'linear' && expiryMs !== undefined);
  return {
    accounts: [okxMain(option, dated), OKX_SUB1, { exchange: 'okx', account: 'empty', holdings: [] }],
    markets,
  };
}

function okxMain(option: string, dated: string): AccountPlan {
  return {
    exchange: 'okx',
    account: 'main',
    holdings: [
      ['TRADING', 'USDT', '18420.118203'],
      ['TRADING', 'USDC', '950.5'],
      ['TRADING', 'BTC', '0.61200377'],
      ['TRADING', 'ETH', '4.100251'],
      ['TRADING', 'SOL', '61.25'],
      ['TRADING', 'XRP', '3200.75'],
      ['TRADING', 'DOGE', '9100.5'],
      ['TRADING', 'PEPE', '7500000'],
      ['TRADING', 'EUR', '420.12'],
      ['TRADING', 'NEWT', '88.5'],
      ['TRADING', 'AIRDROP', '1234'],
      ['TRADING', 'LTC', '0'],
      ['FUNDING', 'USDT', '2100.25'],
      ['FUNDING', 'BTC', '0.05'],
    ],
    positions: [
      { symbol: 'BTC/USDT:USDT', side: 'buy', contracts: '12.5' },
      { symbol: 'ETH/USDT:USDT', side: 'sell', contracts: '8' },
      { symbol: 'BTC/USDC:USDC', side: 'buy', contracts: '150' },
      { symbol: 'BTC/USD:BTC', side: 'sell', contracts: '9' },
      { symbol: dated, side: 'sell', contracts: '3.5' },
      { symbol: option, side: 'buy', contracts: '4' },
    ],
    orders: [
      { symbol: 'BTC/USDT', side: 'buy', amount: '0.01234567', priceAt: '92' },
      { symbol: 'ETH/USDT', side: 'sell', amount: '0.5', priceAt: '108', filled: '0.125' },
      { symbol: 'SOL/USDT', side: 'sell', amount: '2.5', priceAt: '115' },
      { symbol: 'BTC/USDT:USDT', side: 'sell', amount: '5', priceAt: '110', reduceOnly: true },
      { symbol: 'SOL/USDT:USDT', side: 'buy', amount: '12.5', priceAt: '90' },
      { symbol: 'BTC/USD:BTC', side: 'buy', amount: '3', priceAt: '88' },
      { symbol: dated, side: 'buy', amount: '1', priceAt: '90' },
      { symbol: 'XRP/USDT', side: 'buy', amount: '500', priceAt: '90', condition: 'stop', triggerAt: '91' },
      { symbol: 'ETH/USDT', side: 'buy', amount: '0.2', priceAt: '88', condition: 'stop', triggerAt: '89' },
      {
        symbol: 'BTC/USDT:USDT',
        side: 'sell',
        amount: '4',
        priceAt: '93',
        condition: 'stop-loss',
        triggerAt: '94',
        reduceOnly: true,
      },
      {
        symbol: 'DOGE/USDT',
        side: 'sell',
        amount: '1500',
        priceAt: '120',
        condition: 'take-profit',
        triggerAt: '119',
      },
    ],
    sellOut: ['XRP', 'DOGE'],
  };
}

/** A key that may not read the funding wallet, a debt, hedge mode, and more open orders than a page. */
const OKX_SUB1: AccountPlan = {
  exchange: 'okx',
  account: 'sub1',
  permissions: ['derivatives'],
  holdings: [
    ['TRADING', 'USDT', '90000'],
    ['TRADING', 'BTC', '-0.25'],
    ['TRADING', 'LINK', '2400.5'],
    ['FUNDING', 'USDT', '333.33'],
  ],
  positions: [
    { symbol: 'BTC/USDT:USDT', side: 'buy', contracts: '3', hedged: true },
    { symbol: 'BTC/USDT:USDT', side: 'sell', contracts: '1', hedged: true },
    { symbol: 'XRP/USDT:USDT', side: 'sell', contracts: '2', isolated: true },
  ],
  orders: [
    { symbol: 'LINK/USDT', side: 'sell', amount: '1.5', priceAt: '105', count: 230 },
    {
      symbol: 'LINK/USDT',
      side: 'sell',
      amount: '1.5',
      priceAt: '90',
      condition: 'stop',
      triggerAt: '91',
      count: 130,
    },
  ],
};
