import type { LedgerRecord, TradeRecord, TransferRecord } from '#src/domain/history-records.js';
import type {
  BalanceRecord,
  OrderRecord,
  PortfolioItemRecord,
  PositionRecord,
  PriceRecord,
} from '#src/domain/records.js';

/** Whole records, of which a test names what it is about. */

export function balance(changes: Partial<BalanceRecord> = {}): BalanceRecord {
  return { wallet: 'UNIFIED', currency: 'BTC', available: '1', locked: '0.5', total: '1.5', ...changes };
}

export function position(changes: Partial<PositionRecord> = {}): PositionRecord {
  return {
    symbol: 'BTC/USDT:USDT',
    side: 'long',
    marginMode: 'cross',
    quantity: '0.5',
    contracts: '0.5',
    entryPrice: '60000.10',
    markPrice: '61000',
    unrealizedPnl: '499.95',
    leverage: '10',
    liquidationPrice: '54500.5',
    settleCurrency: 'USDT',
    timestampMs: Date.UTC(2026, 0, 1),
    ...changes,
  };
}

export function order(changes: Partial<OrderRecord> = {}): OrderRecord {
  return {
    symbol: 'BTC/USDT',
    orderId: '1',
    orderType: 'limit',
    side: 'buy',
    price: '59000',
    triggerPrice: undefined,
    average: undefined,
    amount: '0.2',
    filled: '0',
    remaining: '0.2',
    status: 'open',
    rawStatus: 'New',
    timestampMs: Date.UTC(2026, 0, 1),
    ...changes,
  };
}

export function price(changes: Partial<PriceRecord> = {}): PriceRecord {
  return { base: 'BTC', quote: 'USDT', price: '61000.5', source: 'last', timestampMs: undefined, ...changes };
}

export function portfolioItem(changes: Partial<PortfolioItemRecord> = {}): PortfolioItemRecord {
  return {
    asset: 'BTC',
    quantity: '2',
    quoteCurrency: 'USDT',
    price: '60000.5',
    priceSource: 'BTC/USDT last',
    pricedAtMs: Date.UTC(2026, 0, 1, 10),
    value: '120001',
    avgEntryPrice: undefined,
    basisKnownQuantity: undefined,
    basisUnknownQuantity: undefined,
    realizedPnl: undefined,
    basisNote: 'no history yet',
    observedFromMs: Date.UTC(2026, 0, 1, 9),
    observedToMs: Date.UTC(2026, 0, 1, 10),
    ...changes,
  };
}

export function trade(changes: Partial<TradeRecord> = {}): TradeRecord {
  return {
    symbol: 'BTC/USDT',
    tradeId: '1',
    side: 'buy',
    orderId: '7',
    kind: 'trade',
    flow: 'exchange',
    base: 'BTC',
    quote: 'USDT',
    settleCurrency: undefined,
    price: '60000.10',
    amount: '0.5',
    cost: '30000.05',
    realizedPnl: undefined,
    feeCost: '0.0005',
    feeCurrency: 'BTC',
    role: 'taker',
    timestampMs: Date.UTC(2026, 0, 1),
    ...changes,
  };
}

export function transfer(changes: Partial<TransferRecord> = {}): TransferRecord {
  return {
    kind: 'withdrawal',
    id: '1',
    currency: 'USDT',
    amount: '100',
    feeCost: '1',
    change: '-101',
    fromWallet: undefined,
    toWallet: undefined,
    status: 'ok',
    rawStatus: 'success',
    network: 'TRX',
    address: 'T1',
    transactionId: undefined,
    timestampMs: Date.UTC(2026, 0, 1),
    ...changes,
  };
}

export function ledgerRow(changes: Partial<LedgerRecord> = {}): LedgerRecord {
  return {
    id: '1',
    kind: 'funding',
    rawKind: 'SETTLEMENT',
    currency: 'USDT',
    amount: '-0.25',
    feeCost: undefined,
    counts: true,
    wallet: 'UNIFIED',
    symbol: 'BTC/USDT:USDT',
    balanceAfter: '1000',
    reference: undefined,
    timestampMs: Date.UTC(2026, 0, 1),
    ...changes,
  };
}
