import { accountId } from '../domain/account.js';
import type {
  CircuitStatus,
  DataTypeStatus,
  ScopeStatus,
  SuspensionStatus,
  SynchronizerStatus,
} from '../domain/views.js';
import { formatAgo, formatDue, formatElapsed } from './elapsed-time.js';
import { type Column, coloured, type Display, formatTable, wrapped } from './output.js';
import { formatProblems, type Problem, STATUS_COLOURS } from './problem-list.js';

/** A due sync that nobody began for so long was not merely waiting for its turn. */
const OVERDUE_MS = 60_000;

/** How fresh everything is, what is wrong with it and what to do; then the verdict in one line. */
export function formatStatus(status: SynchronizerStatus, display: Display, nowMs: number): string {
  const { dataTypes } = status;
  if (dataTypes.length === 0) return 'Nothing has been synced yet: exchange-sync run --one-time\n';
  const problems = formatProblems(problemsOf(status, nowMs), display);
  const parts = [formatTable(dataTypes, columns(nowMs), display), problems, verdict(status, display, nowMs)];
  return parts.filter((part) => part !== '').join('\n');
}

function columns(nowMs: number): readonly Column<DataTypeStatus>[] {
  return [
    { title: 'account', cell: accountId },
    { title: 'data', cell: ({ dataType }) => dataType },
    {
      title: 'status',
      cell: ({ status, running }) => (running ? 'running' : status),
      colour: ({ status, running }) => (running || status === null ? undefined : STATUS_COLOURS[status]),
    },
    { title: 'last sync', cell: ({ lastSync }) => formatAgo(lastSync, nowMs), leaveOut: 2 },
    { title: 'last success', cell: ({ lastSuccess }) => formatAgo(lastSuccess, nowMs) ?? 'never' },
    { title: 'next sync', cell: ({ nextSync }) => formatDue(nextSync, nowMs), leaveOut: 1 },
    { title: 'error', cell: ({ errorCode }) => errorCode, leaveOut: 3 },
  ];
}

function problemsOf({ dataTypes, circuits, suspensions }: SynchronizerStatus, nowMs: number): Problem[] {
  const wholeAccounts = suspensions.filter(({ scope }) => scope === null);
  return [
    ...circuits.map((circuit) => circuitProblem(circuit, nowMs)),
    ...wholeAccounts.map((suspension) => suspensionProblem(suspension, nowMs)),
    ...dataTypes.flatMap((row) => dataTypeProblems(row, suspensions, nowMs)),
  ];
}

function circuitProblem({ exchange, state, until, reason }: CircuitStatus, nowMs: number): Problem {
  const code = state === 'open' ? 'left alone' : 'being tried again';
  return { account: exchange, subject: '', code, message: `${reason}${nextTry(until, nowMs)}` };
}

function suspensionProblem(suspension: SuspensionStatus, nowMs: number): Problem {
  const { reason, until } = suspension;
  return {
    account: accountId(suspension),
    subject: '',
    code: 'suspended, no signed request is sent',
    message: `${reason}${nextTry(until, nowMs)}`,
  };
}

function nextTry(until: string, nowMs: number): string {
  const waitMs = Date.parse(until) - nowMs;
  return waitMs > 0 ? ` Next try in ${formatElapsed(waitMs)}.` : ' The next sync tries again.';
}

/** The message of the last sync, and since when each scope that failed was not read. */
function dataTypeProblems(
  row: DataTypeStatus,
  suspensions: readonly SuspensionStatus[],
  nowMs: number,
): Problem[] {
  if (row.errorCode === null) return [];
  const own = suspensions.filter((suspension) => accountId(suspension) === accountId(row));
  const ages = row.scopes
    .filter(({ errorCode }) => errorCode !== null)
    .map((scope) => `${ageOf(scope, nowMs)}${whenAsked(scope, own, nowMs)}`);
  const message = [row.errorMessage ?? '', ...ages].filter((line) => line !== '').join('\n');
  return [{ account: accountId(row), subject: row.dataType, code: row.errorCode, message }];
}

function ageOf({ scope, lastCompleteAt, errorCode }: ScopeStatus, nowMs: number): string {
  const ago = formatAgo(lastCompleteAt, nowMs);
  return `${scope}: ${ago === null ? 'never read completely' : `last read completely ${ago}`} (${errorCode}).`;
}

/** A suspension's scope is the method that was refused, and what it was to read. */
function whenAsked({ scope }: ScopeStatus, suspensions: readonly SuspensionStatus[], nowMs: number): string {
  const found = suspensions.find((suspension) => suspension.scope?.endsWith(` ${scope}`));
  return found === undefined ? '' : nextTry(found.until, nowMs);
}

function verdict({ scheduled, dataTypes }: SynchronizerStatus, display: Display, nowMs: number): string {
  const bad = dataTypes.filter(({ status }) => status === 'failed' || status === 'partial').length;
  const overdue = dataTypes.filter(
    ({ running, nextSync }) => !running && nextSync !== null && nowMs - Date.parse(nextSync) > OVERDUE_MS,
  ).length;
  const lines = [
    bad === 0
      ? coloured('The last sync of everything went well.', 'green', display)
      : coloured(`${bad} of ${dataTypes.length} need attention.`, 'yellow', display),
    ...(scheduled && overdue > 0
      ? [
          coloured(
            wrapped(
              `${overdue} of ${dataTypes.length} syncs are overdue: no service seems to be running. Start one with exchange-sync run.`,
              display,
            ),
            'red',
            display,
          ),
        ]
      : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
