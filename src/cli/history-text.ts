import { accountId } from '../domain/account.js';
import type { HistoryEntry } from '../domain/sync-history.js';
import { type Column, type Display, formatTable, formatTime } from './output.js';
import { formatProblems, type Problem, STATUS_COLOURS } from './problem-list.js';

const COLUMNS: readonly Column<HistoryEntry>[] = [
  { title: 'started', cell: ({ startedAt }) => formatTime(startedAt) },
  { title: 'account', cell: accountId },
  { title: 'data', cell: ({ dataType }) => dataType },
  { title: 'status', cell: ({ status }) => status, colour: ({ status }) => STATUS_COLOURS[status] },
  { title: 'rows', align: 'right', cell: ({ itemsSynced }) => String(itemsSynced) },
  { title: 'of', align: 'right', cell: ({ itemsProcessed }) => String(itemsProcessed), leaveOut: 2 },
  { title: 'requests', align: 'right', cell: ({ requests }) => requests?.toString() ?? null, leaveOut: 3 },
  { title: 'error', cell: ({ errorCode }) => errorCode, leaveOut: 1 },
];

/** Past syncs, then what went wrong in them. */
export function formatHistory(entries: readonly HistoryEntry[], display: Display): string {
  const problems = formatProblems(latestProblems(entries), display);
  return formatTable(entries, COLUMNS, display) + (problems === '' ? '' : `\n${problems}`);
}

/** What an exchange that was down for hours said each time differs in a time of day only: the newest will do. */
function latestProblems(entries: readonly HistoryEntry[]): Problem[] {
  const latest = new Map<string, Problem>();
  for (const entry of entries) {
    const { dataType, errorCode, errorMessage } = entry;
    const key = `${accountId(entry)} ${dataType} ${errorCode}`;
    if (errorCode === null || latest.has(key)) continue;
    const message = errorMessage ?? '';
    latest.set(key, { account: accountId(entry), subject: dataType, code: errorCode, message });
  }
  return [...latest.values()];
}
