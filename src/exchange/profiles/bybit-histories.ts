import type { RawAnswer, TradeScopeProfile } from './history-scopes.js';
import type { ExchangeProfile, MarketFilter } from './profile.js';

/*
 * What bybit tells of the past of a unified account. Every list is asked for unparsed: ccxt's own methods leave
 * out what is not an ordinary trade, take an empty page for the last one although a cursor follows it, and look
 * a market up among all kinds.
 */

const DAY = 24 * 60 * 60 * 1000;

/** Bybit Fintech began with inverse contracts in November 2018. */
const FOUNDED_MS = Date.UTC(2018, 10, 1);

/** A start alone would be a range of seven days from there. */
const RANGE = { from: 'startTime', to: 'endTime', includesFrom: true, includesTo: true } as const;

const CURSOR = { kind: 'cursor', cursorParam: 'cursor' } as const;

const listOf = (rows: string, parse: RawAnswer['parse'], marketField?: string): RawAnswer => ({
  rows: ['result', rows],
  cursor: ['result', 'nextPageCursor'],
  parse,
  ...(marketField !== undefined && { marketField }),
});

function trades(category: string, markets: MarketFilter): TradeScopeProfile {
  return {
    id: category,
    method: 'privateGetV5ExecutionList',
    // Without `execType` all kinds come in one list.
    params: { category, limit: 100 },
    answer: listOf('list', 'parseTrade', 'symbol'),
    paging: { ...CURSOR, pageLimit: 100 },
    range: RANGE,
    windowMs: 7 * DAY,
    retentionMs: 730 * DAY,
    servedFromMs: FOUNDED_MS,
    lateMs: 60 * 60 * 1000,
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
    },
    otherKinds: ['Funding'],
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

export const BYBIT_HISTORIES: Pick<ExchangeProfile, 'trades' | 'transfers' | 'ledger'> = {
  trades: [
    trades('spot', { spot: true }),
    trades('linear', { linear: true, option: false }),
    trades('inverse', { inverse: true, option: false }),
    trades('option', { option: true }),
  ],
  transfers: [],
  ledger: [],
};
