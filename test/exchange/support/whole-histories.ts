import { expect } from 'chai';
import type { HistoryDataType } from '#src/domain/data-type.js';
import type {
  HistoryRecords,
  LedgerRecord,
  TradeRecord,
  TransferRecord,
} from '#src/domain/history-records.js';
import type { TimeRange } from '#src/domain/time-range.js';
import type { AccountClient, HistoryScope } from '#src/exchange/exchange-client.js';
import { isZero, negate, subtract, sum } from '#src/ledger/decimal.js';
import { joined } from '../readers/history/pages-of.js';
import { readContext } from './managed.js';

export interface WholeHistories {
  readonly trades: readonly TradeRecord[];
  readonly transfers: readonly TransferRecord[];
  readonly ledger: readonly LedgerRecord[];
}

/** Which symbols a list is asked for that wants one; others are asked once. */
export type SymbolsOf = (scope: HistoryScope) => readonly string[];

/** Every row of every list. Throws when a row is set aside, or a part of the range is not covered. */
export async function wholeHistories(
  account: AccountClient,
  range: TimeRange,
  symbolsOf: SymbolsOf = () => [],
): Promise<WholeHistories> {
  return {
    trades: await everything(account, 'trades', range, symbolsOf),
    transfers: onceEach(await everything(account, 'transfers', range, symbolsOf)),
    ledger: await everything(account, 'ledger', range, symbolsOf),
  };
}

/** Lists that go by another time than they show are asked for beyond each window. */
function onceEach(transfers: readonly TransferRecord[]): TransferRecord[] {
  return [...new Map(transfers.map((row) => [`${row.kind} ${row.id}`, row])).values()];
}

async function everything<Type extends HistoryDataType>(
  account: AccountClient,
  dataType: Type,
  range: TimeRange,
  symbolsOf: SymbolsOf,
): Promise<HistoryRecords[Type][]> {
  const records: HistoryRecords[Type][] = [];
  for (const scope of account.historyScopes(dataType)) {
    const requests = scope.needsSymbol
      ? symbolsOf(scope).map((symbol) => ({ scope: scope.id, symbol, range }))
      : [{ scope: scope.id, range }];
    for (const request of requests) {
      const covered: TimeRange[] = [];
      for await (const page of account.readHistory(dataType, request, readContext())) {
        expect(page.rejected, `${dataType} ${scope.id}`).deep.equal([]);
        records.push(...page.records);
        covered.push(...page.covered);
      }
      expect(joined(covered), `${dataType} ${scope.id}`).deep.equal([range]);
    }
  }
  return records;
}

/** What of the reported balances the histories do not explain, as `BTC: 0.1`. */
export async function unexplained(account: AccountClient, histories: WholeHistories): Promise<string[]> {
  const flows = flowsOf(histories);
  const reads = await Promise.all(
    account.balanceScopes().map((scope) => account.readBalances(scope, readContext())),
  );
  const reported = reads.flatMap(({ records }) => records);
  const assets = new Set([...flows.map(([asset]) => asset), ...reported.map(({ currency }) => currency)]);
  return [...assets].sort().flatMap((asset) => {
    const expected = sum(flows.filter(([of]) => of === asset).map(([, amount]) => amount));
    const total = sum(reported.filter(({ currency }) => currency === asset).map((one) => one.total));
    const rest = subtract(total, expected);
    return isZero(rest) ? [] : [`${asset}: ${rest}`];
  });
}

/** As the view account_flows has them: each event once, positive for what was received. */
export function flowsOf({ trades, transfers, ledger }: WholeHistories): (readonly [string, string])[] {
  return [
    ...trades
      .filter(({ flow }) => flow === 'exchange')
      .flatMap(({ side, base, quote, amount, cost = '0', feeCost = '0', feeCurrency = base }) => [
        [base, side === 'buy' ? amount : negate(amount)] as const,
        [quote, side === 'buy' ? negate(cost) : cost] as const,
        [feeCurrency, negate(feeCost)] as const,
      ]),
    ...transfers
      .filter(({ status }) => status === 'ok')
      .map(({ currency, change }) => [currency, change] as const),
    ...ledger
      .filter(({ counts }) => counts)
      .map(({ currency, amount, feeCost = '0' }) => [currency, subtract(amount, feeCost)] as const),
  ];
}
