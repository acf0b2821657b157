import type { HistoryDataType } from '../../../domain/data-type.js';
import { ExchangeSyncError } from '../../../domain/errors.js';
import type {
  HistoryRecords,
  LedgerRecord,
  TradeRecord,
  TransferRecord,
} from '../../../domain/history-records.js';
import type { HistoryPage, HistoryRequest, ReadContext } from '../../exchange-client.js';
import type { TransferScopeProfile } from '../../profiles/history-scopes.js';
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
  request: HistoryRequest,
  context: ReadContext,
): AsyncGenerator<HistoryPage<TransferRecord>> {
  const scope = scopeOf(options.profile.transfers, request.scope);
  try {
    yield* walkTransfers(options, scope, request, context);
  } catch (error: unknown) {
    if (!(await isOfAnother(error, options, scope, context))) throw error;
    yield { records: [], rejected: [], covered: [request.range] };
  }
}

async function* walkTransfers(
  options: AccountReaderOptions,
  scope: TransferScopeProfile,
  { symbol, range }: HistoryRequest,
  context: ReadContext,
): AsyncGenerator<HistoryPage<TransferRecord>> {
  const { owner } = scope;
  const ownerId = owner && (await options.keyOwners.idOf(owner, scope.id, context));
  const wallets = new Set(options.profile.balances.map(({ wallet }) => wallet));
  const reader = transferReader({ scope, wallets, ownerId });
  yield* walk({ ...options, context, scope, symbol, range, reader });
}

/** Whether a list was refused for no account but the main one can have rows in it. */
async function isOfAnother(
  error: unknown,
  { keyOwners }: AccountReaderOptions,
  { id, mainAccountOnly }: TransferScopeProfile,
  context: ReadContext,
): Promise<boolean> {
  const isRefused = error instanceof ExchangeSyncError && error.code === 'PERMISSION_DENIED';
  if (!isRefused || mainAccountOnly === undefined) return false;
  return (await keyOwners.idOf(mainAccountOnly, id, context)) === 'false';
}

function readLedger(
  options: AccountReaderOptions,
  { scope: id, symbol, range }: HistoryRequest,
  context: ReadContext,
): AsyncIterable<HistoryPage<LedgerRecord>> {
  const scope = scopeOf(options.profile.ledger, id);
  return walk({ ...options, context, scope, symbol, range, reader: ledgerReader(scope, options.session) });
}
