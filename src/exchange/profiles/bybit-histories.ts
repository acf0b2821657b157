import { delistedPair, expiredSymbol } from './bybit-expired.js';
import { BYBIT_FUND_KINDS, BYBIT_LOG_KINDS } from './bybit-log-kinds.js';
import { CURSOR, DAY, FOUNDED_MS, HOUR, listOf, RANGE, SECOND } from './bybit-terms.js';
import { BYBIT_TRANSFERS } from './bybit-transfers.js';
import type { LedgerScopeProfile, TradeScopeProfile } from './history-scopes.js';
import type { ExchangeProfile, MarketFilter } from './profile.js';

/*
 * What bybit tells of the past of a unified account. Every list is asked for unparsed: ccxt's own methods leave
 * out what is not an ordinary trade, take an empty page for the last one although a cursor follows it, and look
 * a market up among all kinds.
 */

function trades(category: string, markets: MarketFilter): TradeScopeProfile {
  return {
    id: category,
    method: 'privateGetV5ExecutionList',
    // Without `execType` all kinds come in one list.
    params: { category, limit: 100 },
    answer: {
      ...listOf('list', 'parseTrade'),
      marketField: 'symbol',
      expiredSymbol: category === 'spot' ? delistedPair : expiredSymbol,
    },
    paging: { ...CURSOR, pageLimit: 100 },
    range: RANGE,
    windowMs: 7 * DAY,
    retentionMs: 730 * DAY,
    servedFromMs: FOUNDED_MS,
    lateMs: HOUR,
    markets,
    // The ledger says of each fill of a contract what it changed, in the currency in which it did.
    flow: category === 'spot' ? 'exchange' : 'none',
    idFields: ['execId'],
    timeField: 'execTime',
    kindField: 'execType',
    kinds: {
      Trade: 'trade',
      BlockTrade: 'trade',
      MovePosition: 'trade',
      FutureSpread: 'trade',
      AdlTrade: 'adl',
      BustTrade: 'liquidation',
      Delivery: 'settlement',
      Settle: 'settlement',
      CorporateAction: 'settlement',
      ForwardSplitSettle: 'settlement',
      ReverseSplitSettle: 'settlement',
    },
    // Payments, which the ledger has.
    otherKinds: ['Funding', 'Dividend'],
    fields: {
      order: ['orderId'],
      side: ['side'],
      price: ['execPrice'],
      amount: ['execQty'],
      cost: ['execValue'],
      feeCost: ['execFee'],
      feeCurrency: ['feeCurrency', 'feeCoin'],
    },
  };
}

/** The unified wallet's statement: what each fill of a contract, each funding and each interest changed. */
const UNIFIED_LOG: LedgerScopeProfile = {
  id: 'UNIFIED',
  method: 'privateGetV5AccountTransactionLog',
  params: { accountType: 'UNIFIED', limit: 50 },
  answer: listOf('list', 'parseLedgerEntry'),
  paging: { ...CURSOR, pageLimit: 50 },
  range: RANGE,
  windowMs: 7 * DAY,
  retentionMs: 730 * DAY,
  servedFromMs: FOUNDED_MS,
  lateMs: HOUR,
  idFields: ['id'],
  timeField: 'transactionTime',
  wallet: 'UNIFIED',
  // Coins that are traded count from the fills, contracts from here.
  kindField: ['category', 'type'],
  kinds: BYBIT_LOG_KINDS,
  // change = cashFlow + funding - fee
  fields: { amount: ['change'], feeCost: ['fee'], balanceAfter: ['cashBalance'], reference: ['tradeId'] },
  amountIsNet: true,
  market: {
    field: 'symbol',
    kindField: 'category',
    kinds: {
      spot: { spot: true },
      linear: { linear: true, option: false },
      inverse: { inverse: true, option: false },
      option: { option: true },
    },
  },
};

/** The funding wallet's statement: rewards, conversions, what is put into other products and taken out of them. */
const FUND_LOG: LedgerScopeProfile = {
  id: 'FUND',
  method: 'privateGetV5AssetFundinghistory',
  params: { limit: 100 },
  answer: listOf('list', 'parseLedgerEntry'),
  paging: { ...CURSOR, pageLimit: 100 },
  range: {
    from: 'createTimeFrom',
    to: 'createTimeTo',
    unit: 'seconds',
    includesFrom: true,
    includesTo: true,
  },
  // No further apart than seven days, both in whole seconds around the range.
  windowMs: 7 * DAY - 2 * SECOND,
  servedFromMs: FOUNDED_MS,
  lateMs: HOUR,
  byAnotherTime: true,
  // It has no number; the balance after it tells two equal rows of one second apart.
  idFields: ['currency', 'createTime', 'ioDirection', 'txnAmt', 'afterAmt', 'description'],
  timeField: 'createTime',
  timeUnit: 'seconds',
  wallet: 'FUND',
  kindField: ['showBusiType', 'description'],
  kinds: BYBIT_FUND_KINDS,
  fields: { amount: ['txnAmt'], balanceAfter: ['afterAmt'], feeCost: [] },
  direction: { field: 'ioDirection', out: ['O'] },
};

export const BYBIT_HISTORIES: Pick<ExchangeProfile, 'trades' | 'transfers' | 'ledger'> = {
  trades: [
    trades('spot', { spot: true }),
    trades('linear', { linear: true, option: false }),
    trades('inverse', { inverse: true, option: false }),
    trades('option', { option: true }),
  ],
  transfers: BYBIT_TRANSFERS,
  ledger: [UNIFIED_LOG, FUND_LOG],
};
