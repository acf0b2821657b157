import { accountId } from '../domain/account.js';
import type { BackfillReport, BackfillResult } from '../domain/backfill-report.js';
import { type Column, coloured, type Display, formatTable, printable, wrapped } from './output.js';
import { formatProblems, STATUS_COLOURS } from './problem-list.js';
import { formatRange } from './range-text.js';

const COLUMNS: readonly Column<BackfillResult>[] = [
  { title: 'account', cell: accountId },
  { title: 'data', cell: ({ dataType }) => dataType },
  { title: 'status', cell: ({ status }) => status, colour: ({ status }) => STATUS_COLOURS[status] },
  { title: 'rows', align: 'right', cell: ({ rows }) => String(rows) },
  { title: 'new', align: 'right', cell: ({ newRows }) => String(newRows) },
  { title: 'requests', align: 'right', cell: ({ requests }) => String(requests), leaveOut: 1 },
];

/** What was read of each history, what is lost of it, and what went wrong. */
export function formatBackfill({ results }: BackfillReport, display: Display): string {
  const problems = results.flatMap((result) =>
    result.errors.map(({ code, message, scope }) => ({
      account: accountId(result),
      subject: scope === undefined ? result.dataType : `${result.dataType} ${scope}`,
      code,
      message,
    })),
  );
  const parts = [
    formatTable(results, COLUMNS, display),
    results.map((result) => formatLost(result, display)).join(''),
    formatProblems(problems, display),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function formatLost(result: BackfillResult, display: Display): string {
  if (result.lost.length === 0) return '';
  const head = coloured(printable(`${accountId(result)} ${result.dataType}: lost`), 'yellow', display);
  const ranges = result.lost.map(formatRange).join(', ');
  const text = `${ranges}: it can't be read any more; exchange-sync coverage ${accountId(result)} says why.`;
  return `${head}\n${wrapped(printable(text), display, 2)}\n`;
}
