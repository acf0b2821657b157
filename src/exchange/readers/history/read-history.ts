import type { HistoryDataType } from '../../../domain/data-type.js';
import type { HistoryRecords, TradeRecord } from '../../../domain/history-records.js';
import type { HistoryPage, HistoryRequest, ReadContext } from '../../exchange-client.js';
import type { AccountReaderOptions } from '../reader-options.js';
import { scopeOf } from '../scope-of.js';
import { tradeReader } from './trade-row.js';
import { walk } from './walk.js';

type Readers = {
  readonly [Type in HistoryDataType]: (
    options: AccountReaderOptions,
    request: HistoryRequest,
    context: ReadContext,
  ) => AsyncIterable<HistoryPage<HistoryRecords[Type]>>;
};

const READERS: Readers = {
  trades: readTrades,
  transfers: () => notYet(),
  ledger: () => notYet(),
};

export function readHistory<Type extends HistoryDataType>(
  dataType: Type,
  options: AccountReaderOptions,
  request: HistoryRequest,
  context: ReadContext,
): AsyncIterable<HistoryPage<HistoryRecords[Type]>> {
  return READERS[dataType](options, request, context);
}

function readTrades(
  options: AccountReaderOptions,
  { scope: id, symbol, range }: HistoryRequest,
  context: ReadContext,
): AsyncIterable<HistoryPage<TradeRecord>> {
  const scope = scopeOf(options.profile.trades, id);
  const reader = tradeReader(scope, options.session);
  return walk({ ...options, context, scope, symbol, range, reader });
}

function notYet(): never {
  throw new Error('this history is not read yet');
}
