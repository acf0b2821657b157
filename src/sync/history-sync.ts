import type { HistoryDataType } from '../domain/data-type.js';
import type { ExchangeClients } from '../exchange/exchange-client.js';
import type { DataSync, PreparedSync, SyncRun } from './data-sync.js';
import { notSupported } from './not-supported.js';

export interface HistorySyncOptions {
  readonly dataType: HistoryDataType;
  readonly clients: ExchangeClients;
}

/** TRANSFERS, LEDGER, TRADES: what happened, by the time ranges that are known completely. */
export class HistorySync implements DataSync {
  readonly dataType: HistoryDataType;
  readonly #options: HistorySyncOptions;

  constructor(options: HistorySyncOptions) {
    this.dataType = options.dataType;
    this.#options = options;
  }

  async prepare({ account, context }: SyncRun): Promise<PreparedSync> {
    await this.#options.clients.account(account, context);
    throw notSupported(account, this.dataType);
  }
}
