import { z } from 'zod';
import type { TradeFlow, TradeRecord } from '../../../domain/history-records.js';
import { compare, sum } from '../../../ledger/decimal.js';
import type { ExchangeSession } from '../../exchange-session.js';
import type { TradeScopeProfile } from '../../profiles/history-scopes.js';
import { type Dictionary, isDictionary } from '../answer.js';
import { rawField } from '../raw-field.js';
import { decimal, decimalOrUnknown, shown, text, textOrUnknown } from '../row-fields.js';
import type { RowSet } from '../row-set.js';
import { type Markets, marketFit, UNKNOWN_MARKET } from '../scope-markets.js';
import { notNegative, notNegativeOrUnknown, positive } from './amount-fields.js';
import { listed } from './listed-word.js';
import type { RecordReader, TimedRow } from './page-records.js';
import { idOf } from './row-id.js';

const side = z.unknown().transform((value, context): 'buy' | 'sell' => {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === 'buy' || word === 'sell') return word;
  context.issues.push({ code: 'custom', input: value, message: `${shown(value)} is no side` });
  return z.NEVER;
});

const role = z.unknown().transform((value) => (value === 'maker' || value === 'taker' ? value : undefined));

const tradeRow = z.object({
  tradeId: text,
  side,
  orderId: textOrUnknown,
  price: notNegative,
  amount: positive,
  cost: notNegativeOrUnknown,
  realizedPnl: decimalOrUnknown,
  feeCost: decimalOrUnknown,
  feeCurrency: textOrUnknown,
  role,
});

export function tradeReader(scope: TradeScopeProfile, session: ExchangeSession): RecordReader<TradeRecord> {
  return {
    nameOf: ({ fields }) => `trade ${String(idOf(fields, scope))} of ${String(fields.symbol)}`,
    keyOf: ({ symbol, tradeId, side: way }) => `${symbol} ${tradeId} ${way}`,
    // Markets are read anew meanwhile.
    read: (row, set) => read(row, set, scope, session.ccxt.markets),
  };
}

function read(
  { name, fields, timestampMs }: TimedRow,
  set: RowSet<TradeRecord>,
  scope: TradeScopeProfile,
  markets: Markets,
): TradeRecord | 'other' | undefined {
  const word = kindWord(fields, scope);
  if (word !== undefined && scope.otherKinds?.includes(word) === true) return 'other';
  const kind = word === undefined ? 'trade' : listed(scope.kinds, word);
  const names = namesOf(fields.symbol);
  const refuse = (reason: string) => {
    set.reject(name, reason);
    return undefined;
  };
  if (kind === undefined) return refuse(`kind: ${shown(word)} is no kind of fill that is known`);
  const fit = marketFit(fields.symbol, scope, markets);
  if (fit === 'other') return 'other';
  if (names === undefined || fit !== 'covered') {
    return refuse(UNKNOWN_MARKET);
  }
  const fee = feeOf(fields, scope);
  if (fee === undefined) return refuse('fee: it is in more than one currency');
  const row = set.parse(name, tradeRow, {
    tradeId: idOf(fields, scope),
    side: rawField(fields, 'side', scope.fields ?? {}),
    orderId: rawField(fields, 'order', scope.fields ?? {}),
    price: rawField(fields, 'price', scope.fields ?? {}),
    amount: rawField(fields, 'amount', scope.fields ?? {}),
    cost: rawField(fields, 'cost', scope.fields ?? {}),
    realizedPnl: scope.fields?.realizedPnl && rawField(fields, 'realizedPnl', scope.fields),
    role: scope.fields?.role ? rawField(fields, 'role', scope.fields) : fields.takerOrMaker,
    ...fee,
  });
  if (row === undefined) return undefined;
  const flow = flowOf(word, scope);
  if (flow === 'exchange' && row.cost === undefined) return refuse('cost: the exchange did not say it');
  if (flow === 'profit' && (row.realizedPnl === undefined || names.settleCurrency === undefined)) {
    return refuse('realizedPnl: the exchange did not say it');
  }
  const hasFee = row.feeCost !== undefined && row.feeCurrency !== undefined;
  if (!hasFee && row.feeCost !== undefined && compare(row.feeCost, '0') !== 0) {
    return refuse('feeCurrency: the exchange did not say it');
  }
  return {
    ...row,
    feeCost: hasFee ? row.feeCost : undefined,
    feeCurrency: hasFee ? row.feeCurrency : undefined,
    symbol: String(fields.symbol),
    ...names,
    kind,
    flow,
    timestampMs,
  };
}

function kindWord({ info }: Dictionary, { kindField, kinds }: TradeScopeProfile): string | undefined {
  if (kindField === undefined || kinds === undefined) return undefined;
  return String((isDictionary(info) ? info[kindField] : undefined) ?? '');
}

function flowOf(word: string | undefined, { flow, flowKinds }: TradeScopeProfile): TradeFlow {
  return word === undefined || flowKinds === undefined || flowKinds.includes(word) ? flow : 'none';
}

const SYMBOL = /^([^/:]+)\/([^/:]+)(?::([^/:-]+)(?:-.*)?)?$/;

/** Of ccxt's unified symbol; the market itself may be gone. */
function namesOf(symbol: unknown): Pick<TradeRecord, 'base' | 'quote' | 'settleCurrency'> | undefined {
  const match = typeof symbol === 'string' ? SYMBOL.exec(symbol) : null;
  const [, base, quote, settleCurrency] = match ?? [];
  return base === undefined || quote === undefined ? undefined : { base, quote, settleCurrency };
}

interface Fee {
  readonly feeCost: unknown;
  readonly feeCurrency: unknown;
}

/** Undefined: it is in more than one currency, and a row has one. */
function feeOf(unified: Dictionary, { fields = {} }: TradeScopeProfile): Fee | undefined {
  const listed = Array.isArray(unified.fees) ? unified.fees.filter(isDictionary) : [];
  const fees = listed.length > 0 ? listed : [unified.fee].filter(isDictionary);
  const currencies = new Set(fees.map(({ currency }) => currency));
  if (currencies.size > 1) return undefined;
  const unifiedFee = { cost: total(fees.map(({ cost }) => cost)), currency: fees[0]?.currency };
  const raw = { feeCost: fields.feeCost, feeCurrency: fields.feeCurrency };
  return {
    feeCost: raw.feeCost ? rawField(unified, 'feeCost', fields) : unifiedFee.cost,
    feeCurrency: (raw.feeCurrency && rawField(unified, 'feeCurrency', fields)) ?? unifiedFee.currency,
  };
}

function total(costs: readonly unknown[]): unknown {
  if (costs.length < 2) return costs[0];
  const decimals = costs.map((cost) => decimal.safeParse(cost).data);
  return decimals.every((cost) => cost !== undefined) ? sum(decimals) : costs[0];
}
