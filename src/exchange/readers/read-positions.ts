import type { DecimalString } from '../../domain/decimal-string.js';
import type { PositionRecord, PositionSide } from '../../domain/records.js';
import type { ScopeRead } from '../../domain/scope-read.js';
import { isNegative, isZero, multiply, negate } from '../../ledger/decimal.js';
import type { ReadContext } from '../exchange-client.js';
import type { CcxtMarket } from '../exchange-session.js';
import type { ScopeProfile } from '../profiles/profile.js';
import type { RowConventions } from '../profiles/row-conventions.js';
import { type Dictionary, isDictionary } from './answer.js';
import { fetchPages } from './pages.js';
import { type PositionCandidate, type PositionRow, positionRow } from './position-row.js';
import { rawField } from './raw-field.js';
import type { AccountReaderOptions } from './reader-options.js';
import { decimalOrUnknown } from './row-fields.js';
import { RowSet } from './row-set.js';
import { marketFit, UNKNOWN_MARKET } from './scope-markets.js';

type Conventions = RowConventions['positions'];

/** Reads one list of positions. Slots of size zero are not positions. */
export async function readPositions(
  { session, clock, profile, unknownMarkets }: AccountReaderOptions,
  scope: ScopeProfile,
  context: ReadContext,
): Promise<ScopeRead<PositionRecord>> {
  const { rows, pages, requestedAtMs } = await fetchPages({
    session,
    clock,
    unknownMarkets,
    context,
    scope,
    fetchPage: (ccxt, { params, limit }) =>
      ccxt.fetchPositions(undefined, { ...scope.params, ...(limit !== undefined && { limit }), ...params }),
  });
  const set = new RowSet<PositionRecord>({
    key: ({ symbol, side, marginMode }) => `${symbol} ${side} ${marginMode}`,
  });
  const { markets } = session.ccxt;
  const twins = twinsAmong(rows, profile.rows.positions);
  for (const row of rows) {
    const fields = isDictionary(row) ? row : {};
    if (twins.has(row)) set.reject(nameOf(fields), TWIN);
    else if (marketFit(fields.symbol, scope, markets) === 'unknown')
      set.reject(nameOf(fields), UNKNOWN_MARKET);
    else addPosition(set, fields, markets[String(fields.symbol)], profile.rows.positions);
  }
  return { scope: scope.id, records: set.records, rejected: set.rejected, pages, requestedAtMs };
}

const TWIN = 'it is one of several positions in this market, side and margin mode, which are not told apart';

/** Positions of one market, side and margin mode that are not the same one; neither stands for both. */
function twinsAmong(rows: readonly unknown[], { idField }: Conventions): ReadonlySet<unknown> {
  if (idField === undefined) return new Set();
  const slots = new Map<string, Dictionary[]>();
  for (const row of rows.filter(isDictionary).filter(({ contracts }) => !isNothing(contracts))) {
    const slot = JSON.stringify([row.symbol, row.side, row.marginMode]);
    slots.set(slot, [...(slots.get(slot) ?? []), row]);
  }
  const idOf = ({ info }: Dictionary) => (isDictionary(info) ? info[idField] : undefined);
  return new Set([...slots.values()].filter((slot) => new Set(slot.map(idOf)).size > 1).flat());
}

function isNothing(contracts: unknown): boolean {
  const size = decimalOrUnknown.safeParse(contracts).data;
  return size !== undefined && isZero(size);
}

function nameOf({ symbol }: Dictionary): string {
  return `position in ${String(symbol)}`;
}

function addPosition(
  set: RowSet<PositionRecord>,
  fields: Dictionary,
  market: CcxtMarket | undefined,
  conventions: Conventions,
): void {
  const name = nameOf(fields);
  const row = set.parse(name, positionRow, candidateOf(fields, market, conventions));
  if (row === undefined || isZero(row.contracts)) return;
  const side = sideOf(row);
  if (side === undefined) {
    set.reject(name, 'side: the exchange says neither long nor short');
    return;
  }
  const unit = baseUnit(fields, row, market, conventions);
  set.add(name, toRecord(row, side, unit), row.timestampMs);
}

function candidateOf(
  fields: Dictionary,
  market: CcxtMarket | undefined,
  conventions: Conventions,
): PositionCandidate {
  const { signedSizeField } = conventions;
  const info = isDictionary(fields.info) ? fields.info : {};
  return {
    symbol: fields.symbol,
    side: fields.side,
    signedSize: signedSizeField === undefined ? undefined : info[signedSizeField],
    marginMode: fields.marginMode,
    contracts: fields.contracts,
    contractSize: fields.contractSize ?? market?.contractSize,
    entryPrice: fields.entryPrice,
    markPrice: fields.markPrice,
    unrealizedPnl: rawField(fields, 'unrealizedPnl', conventions.fields),
    leverage: fields.leverage,
    liquidationPrice: fields.liquidationPrice,
    settleCurrency: market?.settle,
    timestampMs: fields.lastUpdateTimestamp ?? fields.timestamp,
  };
}

/** A hedged account has one slot per side, which names its side; otherwise the sign does. */
function sideOf({ side, signedSize, contracts }: PositionRow): PositionSide | undefined {
  if (side !== undefined) return side;
  if (isNegative(contracts)) return 'short';
  if (signedSize === undefined || isZero(signedSize)) return undefined;
  return isNegative(signedSize) ? 'short' : 'long';
}

/** What one contract is in the base currency; undefined where contracts count something else. */
function baseUnit(
  { info }: Dictionary,
  { contractSize }: PositionRow,
  market: CcxtMarket | undefined,
  { contractUnit, sizeCurrencyField }: Conventions,
): DecimalString | undefined {
  if (market === undefined) return undefined;
  const sizeCurrency = sizeCurrencyField !== undefined && isDictionary(info) ? info[sizeCurrencyField] : '';
  if (isText(sizeCurrency)) return sizeCurrency === market.baseId ? '1' : undefined;
  if (contractUnit === undefined) {
    // Inverse contracts count in the quote currency: what they are in the base currency depends on the price.
    return market.inverse === true ? undefined : contractSize;
  }
  const terms = isDictionary(market.info) ? market.info : {};
  const multiplier = decimalOrUnknown.safeParse(terms[contractUnit.multiplierField]).data;
  const countsBase = terms[contractUnit.currencyField] === market.baseId;
  if (!countsBase || contractSize === undefined || multiplier === undefined) return undefined;
  return multiply(contractSize, multiplier);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function toRecord(
  { signedSize: _, contractSize: __, contracts: size, ...row }: PositionRow,
  side: PositionSide,
  unit: DecimalString | undefined,
): PositionRecord {
  const contracts = isNegative(size) ? negate(size) : size;
  return { ...row, side, contracts, quantity: unit === undefined ? undefined : multiply(contracts, unit) };
}
