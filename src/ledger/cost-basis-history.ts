import type { AccountRef } from '../domain/account.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { LedgerRecord, TradeRecord, TransferRecord } from '../domain/history-records.js';
import type {
  AssetAmount,
  CostBasisEvent,
  IncomeEvent,
  OpeningEvent,
  TransferEvent,
} from './cost-basis-events.js';
import { add, isNegative, isZero, negate, subtract } from './decimal.js';

/** A row of an account's history. */
export type HistoryRow = { readonly account: AccountRef } & (
  | { readonly dataType: 'trades'; readonly record: TradeRecord }
  | { readonly dataType: 'transfers'; readonly record: TransferRecord }
  | {
      readonly dataType: 'ledger';
      readonly record: LedgerRecord;
      /** Of the blockchain, where the row is a transfer that is told of in a list of transfers as well. */
      readonly transactionId?: string | undefined;
    }
);

/** What an account held at its horizon. */
export interface HistoryOpening {
  readonly account: AccountRef;
  readonly asset: string;
  readonly horizonMs: number;
  readonly quantity: DecimalString;
}

export function openingEvent({ account, asset, horizonMs, quantity }: HistoryOpening): OpeningEvent {
  const reason = `before the history that ${account.exchange} still serves`;
  return { ...account, type: 'opening', asset, quantity, atMs: horizonMs, reason };
}

/**
 * The economic events of rows of one millisecond, each once: openings first, then what left an account before what
 * arrived in one, ledger rows, fills. Ledger rows that are sides of one conversion become one event.
 */
export function eventsOfOneMoment(
  openings: readonly HistoryOpening[],
  rows: readonly HistoryRow[],
): readonly CostBasisEvent[] {
  const transfers: TransferEvent[] = [];
  const ledger: CostBasisEvent[] = [];
  const trades: CostBasisEvent[] = [];
  const conversions = new Map<string, { account: AccountRef; legs: AssetAmount[]; atMs: number }>();
  for (const row of rows) {
    const { account, record } = row;
    if (row.dataType === 'transfers') transfers.push(...transferEvents(account, row.record));
    else if (row.dataType === 'trades') trades.push(...tradeEvents(account, row.record));
    else if (isSide(row.record)) {
      const key = JSON.stringify([account.exchange, account.account, row.record.reference ?? null]);
      const one = conversions.get(key) ?? { account, legs: [], atMs: record.timestampMs };
      one.legs.push({ asset: row.record.currency, amount: netAmount(row.record) });
      conversions.set(key, one);
    } else ledger.push(...ledgerEvents(account, row.record, row.transactionId));
  }
  const converted = [...conversions.values()].flatMap(conversionEvents);
  return [
    ...openings.map(openingEvent),
    ...transfers.filter(({ change }) => isNegative(change)),
    ...transfers.filter(({ change }) => !isNegative(change)),
    ...ledger,
    ...converted,
    ...trades,
  ];
}

function tradeEvents(account: AccountRef, trade: TradeRecord): readonly CostBasisEvent[] {
  const { flow, side, base, quote, amount, cost, feeCost, feeCurrency, timestampMs: atMs } = trade;
  const fee =
    feeCost === undefined || feeCurrency === undefined ? undefined : { asset: feeCurrency, amount: feeCost };
  if (flow === 'exchange' && cost !== undefined) {
    return [{ ...account, type: 'trade', side, base, quote, amount, cost, fee, atMs }];
  }
  if (flow !== 'profit') return [];
  const { settleCurrency, realizedPnl } = trade;
  const events: IncomeEvent[] = [];
  if (settleCurrency !== undefined && realizedPnl !== undefined) {
    events.push({ ...account, type: 'income', asset: settleCurrency, amount: realizedPnl, atMs });
  }
  if (fee !== undefined) {
    events.push({ ...account, type: 'income', asset: fee.asset, amount: negate(fee.amount), atMs });
  }
  return events;
}

function transferEvents(account: AccountRef, transfer: TransferRecord): readonly TransferEvent[] {
  const { status, kind, currency: asset, change, amount, transactionId, id, timestampMs: atMs } = transfer;
  if (status !== 'ok' || isZero(change)) return [];
  const reason =
    kind === 'internal' ? 'moved from an account that is not mirrored' : 'deposited from outside';
  const moveId = kind === 'internal' ? id : undefined;
  return [{ ...account, type: 'transfer', asset, change, amount, transactionId, moveId, atMs, reason }];
}

function ledgerEvents(
  account: AccountRef,
  row: LedgerRecord,
  onChain: string | undefined,
): readonly CostBasisEvent[] {
  const { counts, kind, rawKind, currency: asset, reference, timestampMs: atMs } = row;
  const change = netAmount(row);
  if (!counts || isZero(change)) return [];
  if (kind !== 'transfer' && kind !== 'other') {
    return [{ ...account, type: 'income', asset, amount: change, atMs }];
  }
  // Without the fee: that is what arrives.
  const amount = isNegative(row.amount) ? negate(row.amount) : row.amount;
  const reason = kind === 'transfer' ? 'moved in from elsewhere' : `received as ${rawKind ?? 'something'}`;
  // On the blockchain both sides have one number; within an exchange the move itself has one.
  const names =
    kind !== 'transfer' ? {} : onChain === undefined ? { moveId: reference } : { transactionId: onChain };
  return [{ ...account, type: 'transfer', asset, change, amount, ...names, atMs, reason }];
}

/** Something given for something else. */
function isSide({ counts, kind }: LedgerRecord): boolean {
  return counts && (kind === 'conversion' || kind === 'trade');
}

/** Sides that have no other one are gains and losses: nothing says what they were given for. */
function conversionEvents({
  account,
  legs,
  atMs,
}: {
  readonly account: AccountRef;
  readonly legs: readonly AssetAmount[];
  readonly atMs: number;
}): readonly CostBasisEvent[] {
  const byAsset = new Map<string, DecimalString>();
  for (const { asset, amount } of legs) byAsset.set(asset, add(byAsset.get(asset) ?? '0', amount));
  const netted = [...byAsset]
    .map(([asset, amount]) => ({ asset, amount }))
    .filter(({ amount }) => !isZero(amount));
  const given = netted.filter(({ amount }) => isNegative(amount));
  if (given.length > 0 && given.length < netted.length) {
    return [{ ...account, type: 'conversion', legs: netted, atMs }];
  }
  return netted.map((leg) => ({ ...account, type: 'income', ...leg, atMs }));
}

function netAmount({ amount, feeCost }: LedgerRecord): DecimalString {
  return feeCost === undefined ? amount : subtract(amount, feeCost);
}
