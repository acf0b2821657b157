import { expect } from 'chai';
import type { DecimalString } from '#src/domain/decimal-string.js';
import type { AssetProof } from '#src/domain/proof-view.js';
import { compare, isZero, negate, normalise, subtract } from '#src/ledger/decimal.js';
import type { FillTruth, TransferTruth } from '#src/simulator/truth.js';
import type { Stored } from '../support/stored.js';
import { type AccountHistoryTruth, balancesOf, changesOf, momentOf } from './history-truth.js';
import type { LivedWorld } from './lived-world.js';
import {
  type StoredFill,
  type StoredTransfer,
  storedChanges,
  storedFills,
  storedLedger,
  storedTransfers,
} from './stored-history.js';

/* What must be true of a world that was read completely. */

const DAY_MS = 24 * 60 * 60_000;

export interface Counts {
  fills: number;
  transfers: number;
  ledger: number;
  proofs: number;
}

export const NOTHING: Counts = { fills: 0, transfers: 0, ledger: 0, proofs: 0 };

/** Every stored row is true, and everything that moved a balance is stored, once. */
export async function expectTrueHistory(
  world: Pick<LivedWorld, 'histories'>,
  stored: Stored,
  counts: Counts,
): Promise<void> {
  for (const account of world.histories()) {
    counts.fills += await expectTrueFills(stored, account);
    counts.transfers += await expectTrueTransfers(stored, account);
    counts.ledger += await expectTrueLedger(stored, account);
    expectSameAmounts(await storedChanges(stored, account), changesOf(account), `${account.name} flows`);
  }
  expect(await stored.query('SELECT * FROM :sync_set_aside'), 'set aside').to.deep.equal([]);
}

async function expectTrueFills(stored: Stored, account: AccountHistoryTruth): Promise<number> {
  const rows = await storedFills(stored, account);
  const left = new Map<string, FillTruth[]>();
  for (const fill of account.fills) {
    const key = fillKey(account, { ...fill, id: fill.tradeId, fee: fill.feeCost ?? null });
    left.set(key, [...(left.get(key) ?? []), fill]);
  }
  for (const row of rows) {
    const what = `${account.name} ${JSON.stringify(row)}`;
    const fill = left.get(fillKey(account, row))?.pop();
    expect(fill, `${what} never happened`).to.not.equal(undefined);
    if (fill !== undefined) expectSameFill(account, row, fill, `${what} is not ${JSON.stringify(fill)}`);
  }
  const missing = [...left.values()].flat();
  expect(missing, `${account.name} fills that are not stored`).to.deep.equal([]);
  return rows.length;
}

/** okx's list has bills, one for each side of each fill, with numbers of their own. */
function fillKey({ exchange }: AccountHistoryTruth, fill: FillName): string {
  const { symbol, id, side, timestampMs, price, amount, fee } = fill;
  const numbers = [price, amount, fee ?? '0'].map(normalise).join(' ');
  return exchange === 'okx' ? `${symbol} ${side} ${timestampMs} ${numbers}` : `${symbol} ${id} ${side}`;
}

type FillName = Pick<StoredFill, 'symbol' | 'id' | 'side' | 'timestampMs' | 'price' | 'amount' | 'fee'>;

function expectSameFill(account: AccountHistoryTruth, row: StoredFill, fill: FillTruth, what: string): void {
  // binance's fills do not tell what was forced.
  if (account.exchange !== 'binance') expect(row.kind, what).to.equal(fill.kind);
  expect(row.timestampMs, what).to.equal(fill.timestampMs);
  expectAmount(row.price, fill.price, what);
  expectAmount(row.amount, fill.amount, what);
  if (row.flow === 'exchange') expectAmount(row.cost, fill.cost ?? '', what);
  if (row.flow === 'profit') expectAmount(row.realizedPnl, fill.realizedPnl ?? '', what);
  if (row.fee === null) {
    expect(row.flow === 'none' || isZero(fill.feeCost ?? '0'), what).to.equal(true);
    return;
  }
  expectAmount(row.fee, fill.feeCost ?? '0', what);
  if (!isZero(row.fee)) expect(row.feeCurrency, what).to.equal(fill.feeCurrency);
}

async function expectTrueTransfers(stored: Stored, account: AccountHistoryTruth): Promise<number> {
  const { name } = account;
  const { transfers: truth } = account;
  const rows = await storedTransfers(stored, account);
  for (const row of rows) {
    const what = `${name} ${JSON.stringify(row)}`;
    const twin = truth.find((each) => isSameTransfer(row, each));
    expect(twin, what).to.not.equal(undefined);
    if (row.fee !== null && twin !== undefined) expectAmount(row.fee, twin.feeCost ?? '0', what);
  }
  const ids = rows.map(({ id }) => id);
  const outside = truth.filter(({ kind }) => kind === 'deposit' || kind === 'withdrawal').map(({ id }) => id);
  expect(ids, `${name} transfers`).to.include.members(outside);
  return rows.length;
}

/** Moves between wallets have no number of their own at okx, where they are bills. */
function isSameTransfer(
  row: StoredTransfer,
  { id, currency, amount, status, ...other }: TransferTruth,
): boolean {
  const isNumber =
    id === row.id || (row.kind === 'internal' && Math.abs(other.timestampMs - row.timestampMs) < 1000);
  return isNumber && currency === row.currency && status === row.status && compare(amount, row.amount) === 0;
}

/**
 * Each row is one entry of the account's statements, or the fee of one where the list has fees apart; none is there
 * twice.
 */
async function expectTrueLedger(stored: Stored, account: AccountHistoryTruth): Promise<number> {
  const left = new Map<string, (readonly DecimalString[])[]>();
  for (const { currency, timestampMs, amount, feeCost = '0', change } of account.ledger) {
    const key = momentOf(currency, timestampMs);
    // The whole, or its two parts.
    left.set(key, [...(left.get(key) ?? []), [change, amount, negate(feeCost)]]);
  }
  const rows = await storedLedger(stored, account);
  for (const row of rows) {
    const amount = row.fee === null ? row.amount : subtract(row.amount, row.fee);
    const entries = left.get(momentOf(row.currency, row.timestampMs)) ?? [];
    const found = entries.findIndex((parts) => parts.some((part) => compare(part, amount) === 0));
    expect(found, `${account.name} ${JSON.stringify(row)} is none of ${entries}`).to.be.at.least(0);
    const [whole, ...parts] = entries[found] as [DecimalString, DecimalString, DecimalString];
    const isWhole = compare(whole, amount) === 0;
    const rest = isWhole ? [] : parts.filter((part) => compare(part, amount) !== 0);
    entries.splice(found, 1, ...(rest.length === 0 ? [] : [rest]));
  }
  return rows.length;
}

/** All that is served is known, from where it is asked for up to the end. */
export async function expectWholeCoverage(world: LivedWorld, openedIsTold: boolean): Promise<void> {
  const { scopes } = await world.engine.coverage({});
  expect(scopes, 'coverage').to.not.deep.equal([]);
  const dayMs = Math.floor(world.openedMs / DAY_MS) * DAY_MS;
  for (const scope of scopes) {
    const what = JSON.stringify(scope);
    expect(scope.gaps, what).to.deep.equal([]);
    expect(scope.lost, what).to.deep.equal([]);
    expect(scope.complete, what).to.deep.equal([{ from: scope.from, to: scope.to }]);
    expect(Number(scope.provenShare), what).to.equal(1);
    if (openedIsTold) expect(Date.parse(scope.from), what).to.equal(dayMs);
    expect(Date.parse(scope.to), what)
      .to.be.above(world.now() - DAY_MS)
      .and.to.be.at.most(world.now());
  }
}

/** Every asset that was ever there adds up, but for what is `missing`. */
export function expectProofs(
  world: LivedWorld,
  assets: readonly AssetProof[],
  openingSource: AssetProof['openingSource'],
  missing: ReadonlyMap<string, DecimalString> = new Map(),
): void {
  for (const account of world.histories()) {
    const { name } = account;
    const proofs = new Map(
      assets.filter((proof) => nameOfProof(proof) === name).map((proof) => [proof.asset, proof]),
    );
    const balances = balancesOf(account);
    expect([...proofs.keys()], `${name} proofs`).to.include.members([...balances.keys()]);
    for (const [asset, proof] of proofs) {
      const what = JSON.stringify(proof);
      const unexplained = missing.get(`${name} ${asset}`) ?? '0';
      expect(proof.state, what).to.equal(isZero(unexplained) ? 'proven' : 'unexplained');
      expectAmount(proof.unexplainedQuantity, unexplained, what);
      expectAmount(proof.reported, balances.get(asset) ?? '0', what);
      expect(proof.openingSource, what).to.equal(openingSource);
      if (openingSource === 'account-opened') expectAmount(proof.opening, '0', what);
    }
  }
}

export function expectSameAmounts(
  actual: ReadonlyMap<string, DecimalString>,
  expected: ReadonlyMap<string, DecimalString>,
  what: string,
): void {
  const keys = new Set([...actual.keys(), ...expected.keys()]);
  const wrong = [...keys].filter((key) => compare(actual.get(key) ?? '0', expected.get(key) ?? '0') !== 0);
  const shown = wrong.slice(0, 10).map((key) => `${key}: ${actual.get(key)} instead of ${expected.get(key)}`);
  expect(shown, `${what}: ${wrong.length} of ${keys.size} are wrong`).to.deep.equal([]);
}

function expectAmount(actual: DecimalString | null, expected: DecimalString, what: string): void {
  expect(
    actual !== null && compare(actual, expected) === 0,
    `${what}: ${actual} instead of ${expected}`,
  ).to.equal(true);
}

function nameOfProof({ exchange, account }: AssetProof): string {
  return `${exchange}/${account}`;
}
