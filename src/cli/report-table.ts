import { accountId } from '../domain/account.js';
import type { SyncReport } from '../domain/report.js';
import { type Column, formatTable } from './output.js';

const COLUMNS: readonly Column<SyncReport>[] = [
  { title: 'account', cell: accountId },
  { title: 'data', cell: ({ dataType }) => dataType },
  { title: 'status', cell: ({ status }) => status },
  { title: 'rows', align: 'right', cell: ({ itemsSynced }) => String(itemsSynced) },
  { title: 'requests', align: 'right', cell: ({ requests }) => String(requests) },
  { title: 'ms', align: 'right', cell: ({ startedAt, finishedAt }) => elapsedMs(startedAt, finishedAt) },
];

/** The reports of a round, then each problem on a line of its own. */
export function formatReports(reports: readonly SyncReport[]): string {
  const problems = reports.flatMap((report) =>
    report.errors.map(({ code, message, scope }) => {
      const where = scope === undefined ? '' : ` ${scope}`;
      return `${accountId(report)} ${report.dataType}${where}: ${code}: ${message}\n`;
    }),
  );
  const separator = problems.length === 0 ? '' : '\n';
  return formatTable(reports, COLUMNS) + separator + problems.join('');
}

function elapsedMs(startedAt: string, finishedAt: string): string {
  return String(Date.parse(finishedAt) - Date.parse(startedAt));
}
