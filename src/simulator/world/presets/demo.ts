import { standardMarkets } from '../market-specs.js';
import type { AccountPlan, WorldPlan } from '../world-plan.js';

/** Three accounts with a past that a person can read through, with the cases that mirrors get wrong. */
export function demoPlan(startMs: number): WorldPlan {
  return { accounts: [bybitMain(startMs), BYBIT_SUB1, BINANCE_MAIN] };
}

/** Contracts that the plan holds no position in, so that what it holds stays what it says. */
// biome-ignore format: a list
const BYBIT_SYMBOLS = [
  'BTC/USDT', 'ETH/USDT', 'ETH/BTC', 'MNT/USDT', 'PEPE/USDT', 'BTC/EUR',
  'SOL/USDT:USDT', 'LTC/USDT:USDT', 'BTC/USDC:USDC', 'ETH/USD:ETH',
];

// biome-ignore format: a list
const BINANCE_SYMBOLS = [
  'BTC/USDT', 'ETH/USDT', 'ETH/BTC', 'BNB/USDT', 'SOL/USDT', 'LTC/BTC',
  'SOL/USDT:USDT', 'XRP/USDT:USDT', 'DOGE/USDT:USDT',
];

function bybitMain(startMs: number): AccountPlan {
  const option = standardMarkets(startMs).find(({ kind }) => kind === 'option')?.symbol ?? '';
  return {
    exchange: 'bybit',
    account: 'main',
    holdings: [
      ['UNIFIED', 'USDT', '25310.4471902'],
      ['UNIFIED', 'USDC', '4180.25'],
      ['UNIFIED', 'BTC', '0.84210977'],
      ['UNIFIED', 'ETH', '5.20014'],
      ['UNIFIED', 'XRP', '1520.75'],
      ['UNIFIED', 'DOGE', '8200.5'],
      ['UNIFIED', 'MNT', '310.42'],
      ['UNIFIED', 'PEPE', '12500000'],
      // Priced through a cross, through an inverse market, by mid, and not at all.
      ['UNIFIED', 'CMETH', '1.1042'],
      ['UNIFIED', 'EUR', '850.12'],
      ['UNIFIED', 'NEWT', '420.5'],
      ['UNIFIED', 'AIRDROP', '77777'],
      // Dust of the eighteenth digit.
      ['UNIFIED', 'ARB', '0.000000000000000001'],
      ['FUND', 'USDT', '1200.5'],
      ['FUND', 'BTC', '0.1'],
      ['FUND', 'USDC', '0'],
    ],
    // Spot margin: the wallet holds none of it, and 12.5 are owed.
    borrowed: [['SOL', '12.5']],
    positions: [
      { symbol: 'BTC/USDT:USDT', side: 'buy', contracts: '0.15' },
      { symbol: 'ETH/USDT:USDT', side: 'sell', contracts: '2.4' },
      { symbol: 'ETH/USDC:USDC', side: 'buy', contracts: '0.75' },
      { symbol: 'BTC/USD:BTC', side: 'sell', contracts: '1200' },
      { symbol: option, side: 'buy', contracts: '0.05' },
    ],
    orders: [
      { symbol: 'BTC/USDT', side: 'buy', amount: '0.012345', priceAt: '92' },
      { symbol: 'ETH/USDT', side: 'sell', amount: '0.5', priceAt: '108', filled: '0.12' },
      { symbol: 'MNT/USDT', side: 'sell', amount: '100', priceAt: '115' },
      { symbol: 'BTC/USDT:USDT', side: 'sell', amount: '0.05', priceAt: '110', reduceOnly: true },
      { symbol: 'SOL/USDT:USDT', side: 'buy', amount: '12.5', priceAt: '90' },
      { symbol: 'BTC/USDC:USDC', side: 'buy', amount: '0.02', priceAt: '88' },
      { symbol: 'BTC/USD:BTC', side: 'buy', amount: '300', priceAt: '90' },
      { symbol: 'XRP/USDT', side: 'buy', amount: '500', priceAt: '90', condition: 'stop', triggerAt: '91' },
      {
        symbol: 'BTC/USDT:USDT',
        side: 'sell',
        amount: '0.1',
        priceAt: '93',
        condition: 'stop-loss',
        triggerAt: '94',
        reduceOnly: true,
      },
    ],
    sellOut: ['XRP', 'DOGE'],
    history: { fills: 160, gaps: [{ fromDay: 20, days: 9 }], symbols: BYBIT_SYMBOLS },
  };
}

/** A key that may not read the funding wallet, a debt in the wallet itself, and more open orders than a page. */
const BYBIT_SUB1: AccountPlan = {
  exchange: 'bybit',
  account: 'sub1',
  permissions: ['derivatives'],
  holdings: [
    ['UNIFIED', 'USDT', '-184.33017'],
    ['UNIFIED', 'BTC', '0.25'],
    ['UNIFIED', 'ETH', '3.75'],
    ['UNIFIED', 'SOL', '44.125'],
    ['UNIFIED', 'LINK', '210.04'],
    ['UNIFIED', 'ADA', '3050.3'],
    ['UNIFIED', 'WBTC', '0.031'],
    ['UNIFIED', 'LTC', '0'],
    ['FUND', 'USDT', '333.33'],
  ],
  positions: [
    { symbol: 'SOL/USDT:USDT', side: 'buy', contracts: '25' },
    { symbol: 'XRP/USDT:USDT', side: 'sell', contracts: '900' },
  ],
  orders: [
    { symbol: 'LINK/USDT', side: 'sell', amount: '1.5', priceAt: '105', count: 57 },
    { symbol: 'SOL/USDT:USDT', side: 'buy', amount: '0.5', priceAt: '85', count: 3 },
  ],
  sellOut: ['ADA'],
  // Nothing of it touches the debt.
  history: { fills: 60, plain: true, symbols: ['ETH/BTC', 'WBTC/BTC', 'BTC/USD:BTC', 'ETH/USD:ETH'] },
};

const BINANCE_MAIN: AccountPlan = {
  exchange: 'binance',
  account: 'main',
  holdings: [
    ['MAIN', 'USDT', '9120.33071142'],
    ['MAIN', 'BTC', '0.31250044'],
    ['MAIN', 'ETH', '2.2051'],
    ['MAIN', 'BNB', '14.771'],
    ['MAIN', 'SOL', '31.504'],
    ['MAIN', 'XRP', '2400.6'],
    ['MAIN', 'DOGE', '5000'],
    ['MAIN', 'LTC', '8.44'],
    ['MAIN', 'WBETH', '0.5123'],
    ['MAIN', 'TRY', '15000'],
    ['MAIN', 'NEWT', '125.5'],
    ['MAIN', 'AIRDROP', '1000.00000001'],
    ['MAIN', 'PEPE', '0.00000001'],
    ['FUNDING', 'USDT', '640.25'],
    ['FUNDING', 'BNB', '1.5'],
    ['UMFUTURE', 'USDT', '5210.44871'],
    ['UMFUTURE', 'USDC', '800'],
    ['UMFUTURE', 'BNB', '0.75'],
    ['CMFUTURE', 'BTC', '0.052'],
    ['CMFUTURE', 'ETH', '1.1'],
  ],
  positions: [
    { symbol: 'BTC/USDT:USDT', side: 'buy', contracts: '0.08' },
    { symbol: 'ETH/USDT:USDT', side: 'sell', contracts: '1.25' },
    { symbol: 'BTC/USDC:USDC', side: 'buy', contracts: '0.01' },
    { symbol: 'BTC/USD:BTC', side: 'buy', contracts: '3' },
    { symbol: 'ETH/USD:ETH', side: 'sell', contracts: '12' },
  ],
  orders: [
    { symbol: 'BTC/USDT', side: 'buy', amount: '0.01234', priceAt: '91' },
    { symbol: 'ETH/BTC', side: 'sell', amount: '0.75', priceAt: '109', filled: '0.25' },
    { symbol: 'BNB/USDT', side: 'sell', amount: '2.5', priceAt: '112' },
    {
      symbol: 'XRP/USDT',
      side: 'sell',
      amount: '400',
      priceAt: '93',
      condition: 'stop-loss',
      triggerAt: '94',
    },
    { symbol: 'BTC/USDT:USDT', side: 'buy', amount: '0.015', priceAt: '90' },
    { symbol: 'SOL/USDT:USDT', side: 'sell', amount: '10', priceAt: '112' },
    {
      symbol: 'BTC/USDT:USDT',
      side: 'sell',
      amount: '0.08',
      priceAt: '92',
      condition: 'stop-loss',
      triggerAt: '93',
      reduceOnly: true,
    },
    {
      symbol: 'ETH/USDT:USDT',
      side: 'buy',
      amount: '0.5',
      priceAt: '85',
      condition: 'take-profit',
      triggerAt: '86',
    },
    { symbol: 'BTC/USD:BTC', side: 'sell', amount: '1', priceAt: '115' },
  ],
  sellOut: ['SOL', 'DOGE'],
  history: { fills: 120, gaps: [{ fromDay: 12, days: 5 }], symbols: BINANCE_SYMBOLS },
};
