import type { AccountRef } from '#src/domain/account.js';
import type { HistoryDataType } from '#src/domain/data-type.js';
import type { LedgerRecord, TradeRecord, TransferRecord } from '#src/domain/history-records.js';
import type { AssetProof } from '#src/domain/proof-view.js';
import type { AccountClient, HistoryScope, HistorySymbol } from '#src/exchange/exchange-client.js';
import { createRepositories } from '#src/storage/repositories.js';
import { Prover } from '#src/sync/proof/prover.js';
import { ledgerRow, trade, transfer } from '../../storage/records.js';
import type { TestDatabase } from '../../support/postgres.js';
import { silentLogger } from '../../support/silent-logger.js';
import { syncRun } from '../fakes/sync-run.js';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
/** The account was opened here. */
export const OPENED_MS = Date.UTC(2025, 0, 1);

export const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };

const list = (id: string): HistoryScope => ({
  id,
  needsSymbol: false,
  servedFromMs: Date.UTC(2018, 0, 1),
  settleLagMs: 5000,
  lateMs: MINUTE,
});

export type Lists = Partial<Record<HistoryDataType, readonly HistoryScope[]>>;

export const THREE_LISTS: Lists = {
  trades: [list('spot')],
  transfers: [list('deposit')],
  ledger: [list('UNIFIED')],
};

interface Rows {
  readonly trades?: readonly Partial<TradeRecord>[];
  readonly transfers?: readonly Partial<TransferRecord>[];
  readonly ledger?: readonly Partial<LedgerRecord>[];
}

/** An account in a database, whose histories and balances a test writes as it likes. */
export class ProofWorld {
  readonly events: AssetProof[] = [];
  nowMs = OPENED_MS + 100 * DAY;
  opened: number | undefined = OPENED_MS;
  lists = THREE_LISTS;
  symbols: readonly HistorySymbol[] = [];
  readonly #test: TestDatabase;
  #rows = 0;

  constructor(test: TestDatabase) {
    this.#test = test;
  }

  get repositories() {
    return createRepositories(this.#test);
  }

  /** Every list is read from one moment to another. */
  async cover(fromMs: number, toMs: number, only?: HistoryDataType): Promise<void> {
    for (const dataType of ['trades', 'transfers', 'ledger'] as const) {
      if (only !== undefined && only !== dataType) continue;
      for (const { id } of this.lists[dataType] ?? []) await this.coverScope(dataType, id, fromMs, toMs);
    }
  }

  async coverScope(dataType: HistoryDataType, scope: string, fromMs: number, toMs: number): Promise<void> {
    const { coverage, rereads } = this.repositories;
    await this.#test.database.transaction(async (tx) => {
      await coverage.cover(tx, MAIN, dataType, scope, [{ fromMs, toMs }]);
      await rereads.done(tx, MAIN, dataType, scope, [{ fromMs, toMs }]);
    });
  }

  async lose(fromMs: number, toMs: number): Promise<void> {
    const { coverage } = this.repositories;
    await this.#test.database.transaction(async (tx) => {
      for (const dataType of ['trades', 'transfers', 'ledger'] as const) {
        for (const { id } of this.lists[dataType] ?? []) {
          await coverage.lose(tx, MAIN, dataType, id, { fromMs, toMs }, 'too old');
        }
      }
    });
  }

  async add({ trades = [], transfers = [], ledger = [] }: Rows): Promise<void> {
    const { histories } = this.repositories;
    const named = () => String(++this.#rows);
    await this.#test.database.transaction(async (tx) => {
      await histories.trades.add(
        tx,
        MAIN,
        'spot',
        trades.map((row) => trade({ tradeId: named(), ...row })),
      );
      await histories.transfers.add(
        tx,
        MAIN,
        'deposit',
        transfers.map((row) => transfer({ id: named(), kind: 'deposit', ...row })),
      );
      await histories.ledger.add(
        tx,
        MAIN,
        'UNIFIED',
        ledger.map((row) => ledgerRow({ id: named(), ...row })),
      );
    });
  }

  /** All wallets were read within a second, which ended at this moment. */
  async observe(observedToMs: number, quantities: Readonly<Record<string, string>>): Promise<void> {
    await this.#test.database.transaction((tx) =>
      this.repositories.observations.record(tx, MAIN, {
        observedFromMs: observedToMs - 1000,
        observedToMs,
        quantities: new Map(Object.entries(quantities)),
      }),
    );
  }

  async prove(): Promise<Readonly<Record<string, string>>> {
    const client: Partial<AccountClient> = {
      account: MAIN,
      historyScopes: (dataType) => this.lists[dataType] ?? [],
      historySymbols: () => this.symbols,
    };
    const prover = new Prover({
      ...this.repositories,
      database: this.#test.database,
      clients: { account: async () => client as AccountClient },
      accountOpenings: this.opened === undefined ? {} : { 'bybit/main': this.opened },
      emitUnexplained: (proof) => this.events.push(proof),
      now: () => this.nowMs,
    });
    await prover.prove(
      syncRun({
        account: MAIN,
        logger: silentLogger,
        commit: (work) => this.#test.database.transaction(work),
      }),
    );
    return this.states();
  }

  /** By asset: the state, and the rest where there is one. */
  async states(): Promise<Readonly<Record<string, string>>> {
    const proofs = await this.repositories.proofs.latest(this.#test.database, MAIN);
    return Object.fromEntries(
      proofs.map(({ asset, state, unexplainedQuantity: rest = '0' }) => [
        asset,
        rest === '0' ? state : `${state} ${rest}`,
      ]),
    );
  }

  async latest(asset: string) {
    const proofs = await this.repositories.proofs.latest(this.#test.database, MAIN);
    const found = proofs.find((proof) => proof.asset === asset);
    if (found === undefined) throw new Error(`${asset} was not judged`);
    return found;
  }

  /** As `dataType scope: days since the opening`. */
  async rereads(): Promise<readonly string[]> {
    const ranges = await this.repositories.rereads.list(this.#test.database, MAIN);
    const days = (atMs: number) => Number(((atMs - OPENED_MS) / DAY).toFixed(2));
    return ranges.map(({ dataType, scope, fromMs, toMs, reason }) => {
      return `${reason} ${dataType} ${scope}: ${days(fromMs)} to ${days(toMs)}`;
    });
  }
}

export const day = (days: number) => OPENED_MS + days * DAY;
