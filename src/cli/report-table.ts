import { accountId } from '../domain/account.js';
import type { SyncReport } from '../domain/report.js';
import { type Column, type Display, formatTable } from './output.js';
import { formatProblems, STATUS_COLOURS } from './problem-list.js';

const COLUMNS: readonly Column<SyncReport>[] = [
  { title: 'account', cell: accountId },
  { title: 'data', cell: ({ dataType }) => dataType },
  { title: 'status', cell: ({ status }) => status, colour: ({ status }) => STATUS_COLOURS[status] },
  { title: 'rows', align: 'right', cell: ({ itemsSynced }) => String(itemsSynced) },
  { title: 'requests', align: 'right', cell: ({ requests }) => String(requests) },
  { title: 'ms', align: 'right', cell: ({ startedAt, finishedAt }) => elapsedMs(startedAt, finishedAt) },
];

/** The reports of a round, then what went wrong. */
export function formatReports(reports: readonly SyncReport[], display: Display): string {
  const problems = reports.flatMap((report) =>
    report.errors.map(({ code, message, scope }) => ({
      account: accountId(report),
      subject: scope === undefined ? report.dataType : `${report.dataType} ${scope}`,
      code,
      message,
    })),
  );
  const separator = problems.length === 0 ? '' : '\n';
  return formatTable(reports, COLUMNS, display) + separator + formatProblems(problems, display);
}

function elapsedMs(startedAt: string, finishedAt: string): string {
  return String(Date.parse(finishedAt) - Date.parse(startedAt));
}
