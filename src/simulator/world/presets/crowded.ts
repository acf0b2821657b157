import { widerAsset, widerLinearMarkets } from '../market-specs.js';
import type { AccountPlan, WorldPlan } from '../world-plan.js';

/**
 * More of everything than fits on a page, and what the demo leaves out: hedge mode, isolated margin, and
 * an account that holds nothing at all.
 */
export function crowdedPlan(): WorldPlan {
  return {
    accounts: [BYBIT_CROWDED, { exchange: 'bybit', account: 'empty', holdings: [] }, BINANCE_HEDGED],
    markets: widerLinearMarkets('bybit', CONTRACTS),
  };
}

/** bybit's position list has pages of at most 200. */
const CONTRACTS = 260;

const BYBIT_CROWDED: AccountPlan = {
  exchange: 'bybit',
  account: 'main',
  holdings: [
    ['UNIFIED', 'USDT', '900000'],
    ['UNIFIED', 'ETH', '40'],
    ['UNIFIED', 'LINK', '5000'],
  ],
  positions: [
    { symbol: 'BTC/USDT:USDT', side: 'buy', contracts: '0.3', hedged: true },
    { symbol: 'BTC/USDT:USDT', side: 'sell', contracts: '0.1', hedged: true },
    ...Array.from({ length: CONTRACTS }, (_, index) => ({
      symbol: `${widerAsset(index)}/USDT:USDT`,
      side: index % 2 === 0 ? ('buy' as const) : ('sell' as const),
      contracts: String(index + 1),
    })),
  ],
  orders: [
    { symbol: 'LINK/USDT', side: 'sell', amount: '1.5', priceAt: '105', count: 130 },
    { symbol: 'ETH/USDT:USDT', side: 'buy', amount: '0.1', priceAt: '90', count: 120 },
    {
      symbol: 'ETH/USDT',
      side: 'sell',
      amount: '0.5',
      priceAt: '120',
      condition: 'take-profit',
      triggerAt: '119',
    },
    {
      symbol: 'ETH/USDT',
      side: 'sell',
      amount: '0.5',
      priceAt: '80',
      condition: 'stop',
      triggerAt: '81',
      count: 60,
    },
  ],
};

const BINANCE_HEDGED: AccountPlan = {
  exchange: 'binance',
  account: 'main',
  holdings: [
    ['MAIN', 'USDT', '5000'],
    ['MAIN', 'BNB', '20'],
    ['UMFUTURE', 'USDT', '25000'],
    ['CMFUTURE', 'BTC', '0.5'],
  ],
  positions: [
    { symbol: 'BTC/USDT:USDT', side: 'buy', contracts: '0.3', hedged: true },
    { symbol: 'BTC/USDT:USDT', side: 'sell', contracts: '0.1', hedged: true },
    { symbol: 'ETH/USDT:USDT', side: 'buy', contracts: '1.5', isolated: true },
    { symbol: 'XRP/USDT:USDT', side: 'sell', contracts: '2000', isolated: true },
    { symbol: 'BTC/USD:BTC', side: 'sell', contracts: '4', isolated: true },
  ],
  orders: [
    { symbol: 'BNB/USDT', side: 'sell', amount: '0.1', priceAt: '110', count: 70 },
    { symbol: 'BTC/USDT:USDT', side: 'buy', amount: '0.01', priceAt: '88', count: 60 },
  ],
};
