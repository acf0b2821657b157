import type { DecimalString } from '../../domain/decimal-string.js';
import type { OrderRecord, OrderStatus } from '../../domain/records.js';
import { divide, isZero, subtract } from '../../ledger/decimal.js';
import type { ExchangeProfile, OpenOrderScopeProfile } from '../profiles/profile.js';
import type { QuoteSizedOrders, RowConventions } from '../profiles/row-conventions.js';
import { type Dictionary, isDictionary } from './answer.js';
import { type OrderCandidate, type OrderRow, orderRow } from './order-row.js';
import { rawField } from './raw-field.js';
import type { RowSet } from './row-set.js';

/** How one list writes its orders. */
export interface OrderConventions extends Omit<RowConventions['orders'], 'fields'> {
  readonly idField: string | undefined;
  readonly fields: RowConventions['orders']['fields'];
}

export function orderConventions(
  { rows }: ExchangeProfile,
  { idField, fields }: Pick<OpenOrderScopeProfile, 'idField' | 'fields'>,
): OrderConventions {
  return { ...rows.orders, idField, fields: { ...rows.orders.fields, ...fields } };
}

export interface ReadOrderRow {
  readonly name: string;
  readonly record: OrderRecord;
  readonly updatedAtMs: number | undefined;
}

/** What an order is to which the exchange gives no status: the list that it is in says it. */
export type StatusWithout = (unified: Dictionary) => OrderStatus | undefined;

export const noStatus: StatusWithout = () => undefined;

/** One unified order as a record, or undefined after it was set aside. */
export function toOrderRecord(
  set: RowSet<OrderRecord>,
  fields: Dictionary,
  conventions: OrderConventions,
  statusWithout: StatusWithout,
): ReadOrderRow | undefined {
  const name = `order ${String(fields.id)}`;
  const row = set.parse(name, orderRow, candidateOf(fields, conventions, statusWithout));
  if (row === undefined) return undefined;
  const { updatedAtMs, cost: _, ...rest } = row;
  const { amount, remaining } = sizeOf(row, isQuoteSized(fields, conventions.quoteSized));
  return { name, updatedAtMs, record: { ...rest, amount, remaining, average: averageOf(row) } };
}

function candidateOf(
  unified: Dictionary,
  { idField, fields, statusFields, statuses, noPrices = [], triggers = [] }: OrderConventions,
  statusWithout: StatusWithout,
): OrderCandidate {
  const priceOf = (field: 'price' | 'triggerPrice' | 'average') => {
    const price = rawField(unified, field, fields);
    return noPrices.includes(String(price)) ? undefined : price;
  };
  const trigger = triggers.map((name) => unified[name]).find((price) => price !== undefined);
  const rawStatus = rawField(unified, 'status', { status: statusFields });
  const translated = typeof rawStatus === 'string' ? statuses[rawStatus] : undefined;
  return {
    symbol: unified.symbol,
    orderId: idField === undefined ? unified.id : rawField(unified, 'id', { id: [idField] }),
    orderType: unified.type,
    side: unified.side,
    price: priceOf('price'),
    triggerPrice: priceOf('triggerPrice') ?? trigger,
    average: priceOf('average'),
    cost: fields.cost && rawField(unified, 'cost', fields),
    amount: rawField(unified, 'amount', fields),
    filled: rawField(unified, 'filled', fields),
    remaining: rawField(unified, 'remaining', fields),
    status: translated ?? unified.status ?? statusWithout(unified),
    rawStatus: typeof rawStatus === 'number' ? String(rawStatus) : rawStatus,
    timestampMs: unified.timestamp,
    updatedAtMs: unified.lastUpdateTimestamp,
  };
}

function sizeOf(
  { amount, filled, remaining }: OrderRow,
  isQuoteSizedOrder: boolean,
): Pick<OrderRecord, 'amount' | 'remaining'> {
  if (isQuoteSizedOrder) return { amount: undefined, remaining: undefined };
  const isDerivable = amount !== undefined && filled !== undefined;
  return { amount, remaining: remaining ?? (isDerivable ? subtract(amount, filled) : undefined) };
}

function averageOf({ average, cost, filled }: OrderRow): DecimalString | undefined {
  if (average !== undefined) return average;
  return cost === undefined || filled === undefined || isZero(filled) ? undefined : divide(cost, filled);
}

/** ccxt adds what was filled in the base currency to what remains in the quote currency. */
function isQuoteSized({ type, side, symbol, info }: Dictionary, rule: QuoteSizedOrders | undefined): boolean {
  const isSpot = typeof symbol === 'string' && !symbol.includes(':');
  if (rule === undefined || !isSpot || !isDictionary(info)) return false;
  if (type !== 'market' && rule.ofAnyType !== true) return false;
  const unit = info[rule.unitField];
  if (unit === undefined || unit === '') return type === 'market' && side === rule.sideWithoutUnit;
  return String(unit).split(',').includes(rule.quoteUnit);
}
