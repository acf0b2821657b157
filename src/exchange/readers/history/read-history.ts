import type { HistoryDataType } from '../../../domain/data-type.js';
import type {
  HistoryRecords,
  LedgerRecord,
  TradeRecord,
  TransferRecord,
} from '../../../domain/history-records.js';
import type { HistoryPage, HistoryRequest, ReadContext } from '../../exchange-client.js';
import type { AccountReaderOptions } from '../reader-options.js';
import { scopeOf } from '../scope-of.js';
import { ledgerReader } from './ledger-row.js';
import { tradeReader } from './trade-row.js';
import { transferReader } from './transfer-row.js';
import { walk } from './walk.js';

type Reading<Row> = (
  options: AccountReaderOptions,
  request: HistoryRequest,
  context: ReadContext,
) => AsyncIterable<HistoryPage<Row>>;

const READINGS: { readonly [Type in HistoryDataType]: Reading<HistoryRecords[Type]> } = {
  trades: readTrades,
  transfers: readTransfers,
  ledger: readLedger,
};

export function readHistory<Type extends HistoryDataType>(
  dataType: Type,
  options: AccountReaderOptions,
  request: HistoryRequest,
  context: ReadContext,
): AsyncIterable<HistoryPage<HistoryRecords[Type]>> {
  return READINGS[dataType](options, request, context);
}

function readTrades(
  options: AccountReaderOptions,
  { scope: id, symbol, range }: HistoryRequest,
  context: ReadContext,
): AsyncIterable<HistoryPage<TradeRecord>> {
  const scope = scopeOf(options.profile.trades, id);
  return walk({ ...options, context, scope, symbol, range, reader: tradeReader(scope, options.session) });
}

async function* readTransfers(
  options: AccountReaderOptions,
  { scope: id, symbol, range }: HistoryRequest,
  context: ReadContext,
): AsyncGenerator<HistoryPage<TransferRecord>> {
  const scope = scopeOf(options.profile.transfers, id);
  const { owner } = scope;
  const ownerId = owner && (await options.keyOwners.idOf(owner, id, context));
  const wallets = new Set(options.profile.balances.map(({ wallet }) => wallet));
  const reader = transferReader({ scope, wallets, ownerId });
  yield* walk({ ...options, context, scope, symbol, range, reader });
}

function readLedger(
  options: AccountReaderOptions,
  { scope: id, symbol, range }: HistoryRequest,
  context: ReadContext,
): AsyncIterable<HistoryPage<LedgerRecord>> {
  const scope = scopeOf(options.profile.ledger, id);
  return walk({ ...options, context, scope, symbol, range, reader: ledgerReader(scope, options.session) });
}
