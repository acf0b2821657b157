import type { HistoryDataType } from '../../domain/data-type.js';
import type {
  HistoryRecords,
  LedgerRecord,
  TradeRecord,
  TransferRecord,
} from '../../domain/history-records.js';

type Names = { readonly [Type in HistoryDataType]: (record: HistoryRecords[Type]) => string };

const NAMES: Names = {
  trades: ({ tradeId, symbol }: TradeRecord) => `trade ${tradeId} of ${symbol}`,
  transfers: ({ kind, id }: TransferRecord) => `${kind} ${id}`,
  ledger: ({ id }: LedgerRecord) => `ledger row ${id}`,
};

/** What a row is called where it is spoken of. */
export function rowName<Type extends HistoryDataType>(dataType: Type, record: HistoryRecords[Type]): string {
  return NAMES[dataType](record);
}
