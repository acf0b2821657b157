import { isNegative, negate } from '../../ledger/decimal.js';
import type { StatementEntry } from '../world/history/statement.js';
import type { EventKind } from '../world/journal.js';
import type { PrivateContext } from './bybit-endpoint.js';
import { historyPage } from './bybit-history-page.js';

const DAY_MS = 24 * 60 * 60_000;
const WINDOW = { mostMs: 7 * DAY_MS, usualMs: 7 * DAY_MS, inSeconds: true };

const WALLET = 'FUND';

/** In seconds, where the other lists have milliseconds. */
const RANGE = [
  ['createTimeFrom', 'startTime'],
  ['createTimeTo', 'endTime'],
] as const;

/** Groups of what has one; a move between wallets is told by its description. */
const GROUPS: Readonly<Partial<Record<EventKind, string>>> = {
  deposit: 'fundingAccountRecordTypeDeposit',
  withdrawal: 'fundingAccountRecordTypeWithdraw',
  conversion: 'fundingAccountRecordConvert',
  reward: 'fundingAccountRecordAirdrop',
  interest: 'fundingAccountRecordEarn',
};

/**
 * `GET /v5/asset/fundinghistory` (docs: v5 "Get Funding Account Transaction History"): every change of the funding
 * wallet, newest first, in whole seconds and seven days at a time.
 */
export function fundingAccountHistory(context: PrivateContext): unknown {
  const { account, query } = context;
  const asked = new URLSearchParams(query);
  for (const [own, name] of RANGE) {
    const seconds = query.get(own);
    if (seconds !== null) asked.set(name, `${seconds}000`);
  }
  const { rows, nextPageCursor } = historyPage(
    { ...context, query: asked },
    {
      path: '/v5/asset/fundinghistory',
      rows: account.history.statement(WALLET),
      accept: () => true,
      ids: ({ id }) => [id],
      wire: (row) => wireRow(row, account.identity.uid),
      window: WINDOW,
      limit: { standard: 10, most: 100 },
    },
  );
  return { list: rows, nextPageCursor };
}

function wireRow(row: StatementEntry, uid: string): object {
  const { change } = row;
  const description = descriptionOf(row);
  const showBusiType = GROUPS[row.kind] ?? 'fundingAccountRecordTransfer';
  return {
    memberId: uid,
    currency: row.asset,
    ioDirection: isNegative(change) ? 'O' : 'I',
    txnAmt: isNegative(change) ? negate(change) : change,
    afterAmt: row.balanceAfter,
    createTime: String(Math.floor(row.timestampMs / 1_000)),
    showBusiType,
    showBusiTypeEn: row.kind,
    description,
    descriptionEn: row.kind,
  };
}

function descriptionOf({ kind, change, subject: { transfer } }: StatementEntry): string {
  if (kind !== 'transfer') return GROUPS[kind] ?? `fundingAccountRecord${kind}`;
  const isBetweenAccounts = transfer?.kind === 'between-accounts';
  if (isNegative(change)) {
    return isBetweenAccounts
      ? 'fundingAccountRecordTransferOut2SubAccount'
      : 'fundingAccountRecordTransfer2TradingAccount';
  }
  return isBetweenAccounts
    ? 'fundingAccountRecordTransferFromSubAccount'
    : 'fundingAccountRecordTransferFromTradingAccount';
}
