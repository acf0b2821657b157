import type { AccountRef } from '#src/domain/account.js';
import type { HistoryChunk } from '#src/domain/backfill-report.js';
import type { Transaction } from '#src/storage/database.js';
import { createRepositories } from '#src/storage/repositories.js';
import type { PreparedSync } from '#src/sync/data-sync.js';
import type { HistoryDemand } from '#src/sync/history/history-demand.js';
import { HistorySync } from '#src/sync/history/history-sync.js';
import type { TestDatabase } from '../../support/postgres.js';
import { syncRun } from '../fakes/sync-run.js';
import { abortedBy } from './aborted-by.js';
import { ScriptedHistory, type ScriptedOptions } from './scripted-history.js';

export interface MirroredOptions extends ScriptedOptions {
  readonly account?: string;
  readonly openedMs?: number;
}

/** TRANSFERS of one account, from a scripted list into a real database, run by run. */
export class MirroredHistory {
  readonly account: AccountRef;
  readonly exchange: ScriptedHistory;
  readonly chunks: HistoryChunk[] = [];
  /** The time of a run for older history is over as soon as it begins. */
  endsSlices = false;
  /** Transactions of pages. */
  commits = 0;
  /** In them. */
  statements = 0;
  readonly repositories;
  readonly #test: TestDatabase;
  readonly #sync: HistorySync<'transfers'>;
  #controller = new AbortController();

  constructor(test: TestDatabase, options: MirroredOptions) {
    const { account = 'main', openedMs } = options;
    this.#test = test;
    this.account = { exchange: 'bybit', account };
    this.exchange = new ScriptedHistory(options, () => this.#controller.abort(new Error('the process died')));
    this.repositories = createRepositories({ schema: test.schema });
    this.#sync = new HistorySync({
      dataType: 'transfers',
      clients: this.exchange.clients(),
      store: { ...this.repositories, database: test.database, rows: this.repositories.histories.transfers },
      symbolsFor: async () => ({ known: [], due: new Set<string>() }),
      accountOpenings: openedMs === undefined ? {} : { [`bybit/${account}`]: openedMs },
      emitChunk: (chunk) => this.chunks.push(chunk),
      clock: {
        now: () => this.exchange.nowMs,
        sleep: async (_durationMs, signal) => (this.endsSlices ? undefined : await abortedBy(signal)),
      },
    });
  }

  /** One run; undefined: it was called off in the middle. */
  async run(
    history?: HistoryDemand,
    priority: 'trigger' | 'schedule' = 'trigger',
  ): Promise<PreparedSync | undefined> {
    this.#controller = new AbortController();
    const { signal } = this.#controller;
    const { database } = this.#test;
    try {
      const prepared = await this.#sync.prepare(
        syncRun({
          account: this.account,
          context: { signal, meter: { requests: 0 }, priority },
          history,
          commit: (work) => {
            this.commits += 1;
            return database.transaction((transaction) => work(this.#counted(transaction)));
          },
        }),
      );
      await database.transaction(async (transaction) => {
        await prepared.write(transaction);
        await this.repositories.scopes.record(transaction, this.account, 'transfers', prepared.scopes);
      });
      return prepared;
    } catch (error: unknown) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }

  #counted(transaction: Transaction): Transaction {
    return {
      inTransaction: true,
      query: (text, values) => {
        this.statements += 1;
        return transaction.query(text, values);
      },
    };
  }

  async ids(): Promise<readonly string[]> {
    const { rows } = await this.#test.database.query<{ id: string }>(
      `SELECT id FROM "${this.#test.schema}".exchange_transfers WHERE account = $1 ORDER BY id`,
      [this.account.account],
    );
    return rows.map(({ id }) => id);
  }

  async coverage(scope = 'deposits') {
    const ranges = await this.repositories.coverage.list(this.#test.database, this.account, 'transfers');
    return ranges
      .filter((range) => range.scope === scope)
      .map(({ fromMs, toMs, state }) => ({ fromMs, toMs, state }));
  }

  async rereads() {
    const rereads = await this.repositories.rereads.list(this.#test.database, this.account, 'transfers');
    return rereads.map(({ fromMs, toMs, reason }) => ({ fromMs, toMs, reason }));
  }

  setAside() {
    return this.repositories.setAside.list(this.#test.database, this.account, 'transfers');
  }
}
