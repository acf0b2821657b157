import { isZero, negate } from '../../ledger/decimal.js';
import { integer } from '../http/reply.js';
import { MergedRows } from '../world/history/merged-rows.js';
import type { Place, RowList } from '../world/history/row-list.js';
import type { StatementEntry } from '../world/history/statement.js';
import type { EventKind } from '../world/journal.js';
import type { PrivateContext } from './binance-endpoint.js';
import { ascendingRows, type BinanceWindow, historyRange, limitOf } from './binance-history-page.js';

const DAY_MS = 24 * 60 * 60_000;

interface IncomeRules {
  readonly path: string;
  readonly wallet: string;
  readonly window: BinanceWindow;
  /** COIN-M writes the number of a row as text. */
  readonly number: (digits: string) => unknown;
}

const LINEAR: IncomeRules = {
  path: '/fapi/v1/income',
  wallet: 'UMFUTURE',
  window: { mostMs: Number.POSITIVE_INFINITY, usualMs: 7 * DAY_MS, tooWide: '-4165' },
  number: integer,
};

/** At most a year between start and end. */
const INVERSE: IncomeRules = {
  path: '/dapi/v1/income',
  wallet: 'CMFUTURE',
  window: { mostMs: 365 * DAY_MS, tooWide: '-4165' },
  number: (digits) => digits,
};

/** One change of a futures wallet: of an entry, what flowed, or what was paid beside it. */
interface Income extends Place {
  readonly entry: StatementEntry;
  readonly isFee: boolean;
}

/** Profit and fee of a fill are two rows here: one list with one of them per entry of the statement. */
class IncomeRows implements RowList<Income> {
  readonly #entries: RowList<StatementEntry>;
  readonly #isFee: boolean;

  constructor(entries: RowList<StatementEntry>, isFee: boolean) {
    this.#entries = entries;
    this.#isFee = isFee;
  }

  get length(): number {
    return this.#entries.length;
  }

  at(index: number): Income {
    return { ...this.placeAt(index), entry: this.#entries.at(index), isFee: this.#isFee };
  }

  placeAt(index: number): Place {
    const { timestampMs, seq } = this.#entries.placeAt(index);
    return { timestampMs, seq: seq * 2 + Number(this.#isFee) };
  }
}

const TYPES: Readonly<Partial<Record<EventKind, string>>> = {
  trade: 'REALIZED_PNL',
  transfer: 'TRANSFER',
  funding: 'FUNDING_FEE',
  rebate: 'REFERRAL_KICKBACK',
  reward: 'WELCOME_BONUS',
  conversion: 'AUTO_EXCHANGE',
};

/** `GET /fapi/v1/income`, `GET /dapi/v1/income` (docs: "Get Income History"): 1000 rows, oldest first. */
function income({ path, wallet, window, number }: IncomeRules): (context: PrivateContext) => unknown {
  return (context) => {
    const { account, query } = context;
    const [type, symbol] = ['incomeType', 'symbol'].map((name) => query.get(name) || undefined);
    const entries = account.history.statement(wallet);
    const limit = limitOf(query, 100, 1000);
    const page = limitOf(query, 1, Number.MAX_SAFE_INTEGER, 'page');
    const range = historyRange(context, window);
    const rows = ascendingRows(
      context,
      {
        path,
        rows: new MergedRows(new IncomeRows(entries, false), new IncomeRows(entries, true)),
        accept: (row) =>
          !isZero(amountOf(row)) &&
          (type === undefined || typeOf(row) === type) &&
          (symbol === undefined || marketOf(row)?.id === symbol),
        ids: ({ entry }) => idsOf(entry),
        wire: (row) => ({
          symbol: marketOf(row)?.id ?? '',
          incomeType: typeOf(row),
          income: amountOf(row),
          asset: row.entry.asset,
          info: row.entry.kind === 'transfer' ? transferInfo(row) : typeOf(row),
          time: row.timestampMs,
          tranId: number(row.entry.id),
          tradeId: row.entry.subject.fill?.id ?? '',
        }),
      },
      // Rows are counted from a start on wherever pages are.
      { ...range, hasStart: range.hasStart || query.has('page'), limit: limit * page },
    );
    return rows.slice(limit * (page - 1));
  };
}

export const linearIncome = income(LINEAR);
export const inverseIncome = income(INVERSE);

function amountOf({ entry, isFee }: Income): string {
  return isFee ? negate(entry.fee) : entry.flow;
}

function typeOf({ entry, isFee }: Income): string {
  return isFee ? 'COMMISSION' : (TYPES[entry.kind] ?? 'TRANSFER');
}

function transferInfo({ entry }: Income): string {
  return entry.flow.startsWith('-') ? 'WITHDRAW' : 'DEPOSIT';
}

function marketOf({ entry: { subject } }: Income) {
  return subject.fill?.market ?? subject.funding?.market;
}

function idsOf({ id, subject }: StatementEntry): readonly string[] {
  const { fill, funding, transfer } = subject;
  return [id, fill?.id, funding?.id, transfer?.id].filter((one) => one !== undefined);
}
