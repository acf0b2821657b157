import type { DecimalString } from '#src/domain/decimal-string.js';
import { add, isZero } from '#src/ledger/decimal.js';
import type { Simulator } from '#src/simulator/simulator.js';
import type { FillTruth, LedgerTruth, TransferTruth } from '#src/simulator/truth.js';
import type { SimulatedAccount } from '#src/simulator/world/account.js';

/** What really happened in one account, straight from the journal of the world. */
export interface AccountHistoryTruth {
  /** `bybit/main`. */
  readonly name: string;
  readonly exchange: string;
  readonly account: string;
  readonly fills: readonly FillTruth[];
  readonly transfers: readonly TransferTruth[];
  /** Of all its wallets: every change of a balance is one of these. */
  readonly ledger: readonly LedgerTruth[];
}

export function historyOf(simulator: Simulator, { identity }: SimulatedAccount): AccountHistoryTruth {
  const { exchange, account } = identity;
  const truth = simulator.history(exchange, account);
  return {
    name: `${exchange}/${account}`,
    exchange,
    account,
    fills: [...truth.fills()],
    transfers: [...truth.transfers()],
    ledger: [...truth.ledger()],
  };
}

/**
 * What was changed of each asset in each second over all wallets; what cancels out is left out. Some statements are in
 * whole seconds.
 */
export function changesOf({ ledger }: AccountHistoryTruth): ReadonlyMap<string, DecimalString> {
  return totals(ledger.map(({ currency, timestampMs, change }) => [momentOf(currency, timestampMs), change]));
}

export function momentOf(asset: string, timestampMs: number): string {
  return `${asset} ${Math.floor(timestampMs / 1000)}`;
}

/** By asset, over all wallets. */
export function balancesOf({ ledger }: AccountHistoryTruth): ReadonlyMap<string, DecimalString> {
  return totals(ledger.map(({ currency, change }) => [currency, change]));
}

/** The number under which lists tell of a change: its event's where that has one. */
export function numberOf({ reference, id }: LedgerTruth): string {
  return reference ?? id;
}

/** What an event changed, by asset. */
export function changesBy(
  { ledger }: AccountHistoryTruth,
  number: string,
): ReadonlyMap<string, DecimalString> {
  const touched = ledger.filter((entry) => numberOf(entry) === number);
  return totals(touched.map(({ currency, change }) => [currency, change]));
}

function totals(entries: readonly (readonly [string, DecimalString])[]): ReadonlyMap<string, DecimalString> {
  const found = new Map<string, DecimalString>();
  for (const [key, amount] of entries) found.set(key, add(found.get(key) ?? '0', amount));
  return new Map([...found].filter(([, amount]) => !isZero(amount)));
}
