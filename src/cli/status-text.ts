import { accountId } from '../domain/account.js';
import type {
  CircuitStatus,
  DataTypeStatus,
  LimitStatus,
  ScopeStatus,
  SuspensionStatus,
  SynchronizerStatus,
} from '../domain/synchronizer-status.js';
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

function problemsOf(status: SynchronizerStatus, nowMs: number): Problem[] {
  const { dataTypes, circuits, limits, suspensions } = status;
  const suspended = suspensions.filter(({ scope }) => scope === null);
  const waitingForExchange = ({ exchange }: CircuitStatus) =>
    dataTypes.filter((row) => row.errorCode === 'CIRCUIT_OPEN' && row.exchange === exchange);
  const waitingForAccount = (suspension: SuspensionStatus) =>
    dataTypes.filter(
      (row) => row.errorCode === 'ACCOUNT_SUSPENDED' && accountId(row) === accountId(suspension),
    );
  const waiting = new Set([...circuits.flatMap(waitingForExchange), ...suspended.flatMap(waitingForAccount)]);
  const others = dataTypes.filter((row) => !waiting.has(row));
  return [
    ...circuits.map((circuit) => circuitProblem(circuit, waitingForExchange(circuit), nowMs)),
    ...limits.map((limit) => limitProblem(limit, nowMs)),
    ...suspended.map((suspension) => suspensionProblem(suspension, waitingForAccount(suspension), nowMs)),
    ...others.flatMap((row) => dataTypeProblems(row, suspensions, nowMs)),
  ];
}

type Waiting = readonly DataTypeStatus[];

function circuitProblem(circuit: CircuitStatus, waiting: Waiting, nowMs: number): Problem {
  const { exchange, state, until, reason } = circuit;
  const code = state === 'open' ? 'failed repeatedly and is left alone' : 'is being tried again';
  const message = `${reason}${nextTry(until, nowMs)}${waitingText(waiting)}`;
  return { account: exchange, subject: '', code, message };
}

function limitProblem({ exchange, appliesTo, code, reason, until }: LimitStatus, nowMs: number): Problem {
  const what = code === 'BANNED' ? 'banned' : 'held back';
  return {
    account: exchange,
    subject: '',
    code: `this ${appliesTo} is ${what}, nothing is sent`,
    message: `${reason}${nextTry(until, nowMs)}`,
  };
}

function suspensionProblem(suspension: SuspensionStatus, waiting: Waiting, nowMs: number): Problem {
  const { reason, until } = suspension;
  const account = accountId(suspension);
  const mended = ` Once it is mended, exchange-sync credentials test ${account} asks at once.`;
  const message = `${reason}${nextTry(until, nowMs)}${mended}${waitingText(waiting)}`;
  return {
    account,
    subject: '',
    code: 'suspended, no signed request is sent',
    message,
  };
}

function waitingText(waiting: Waiting): string {
  const names = waiting.map((row) => `${accountId(row)} ${row.dataType}`);
  return names.length === 0 ? '' : `\nWaiting for it: ${names.join(', ')}.`;
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
  const failed = row.scopes.filter(({ errorCode }) => errorCode !== null);
  const scopesByAge = new Map<string, string[]>();
  for (const scope of failed) {
    const age = `${ageOf(scope, row, nowMs)}${whenAsked(scope, own, nowMs)}`;
    scopesByAge.set(age, [...(scopesByAge.get(age) ?? []), scope.scope]);
  }
  // The table says the age of what has one scope only.
  const isTold = row.scopes.length === 1 && own.length === 0;
  const ages = isTold ? [] : [...scopesByAge].map(([age, scopes]) => `${scopes.join(', ')}: ${age}`);
  const message = [row.errorMessage ?? '', ...ages].filter((line) => line !== '').join('\n');
  return [{ account: accountId(row), subject: row.dataType, code: row.errorCode, message }];
}

function ageOf({ lastCompleteAt, errorCode }: ScopeStatus, row: DataTypeStatus, nowMs: number): string {
  const ago = formatAgo(lastCompleteAt, nowMs);
  const other = errorCode === row.errorCode ? '' : ` (${errorCode})`;
  return `${ago === null ? 'never read completely' : `last read completely ${ago}`}${other}.`;
}

/** A suspension's scope is the method that was refused, and what it was to read. */
function whenAsked({ scope }: ScopeStatus, suspensions: readonly SuspensionStatus[], nowMs: number): string {
  const found = suspensions.find((suspension) => suspension.scope?.endsWith(` ${scope}`));
  return found === undefined ? '' : nextTry(found.until, nowMs);
}

function verdict(status: SynchronizerStatus, display: Display, nowMs: number): string {
  const { scheduled, dataTypes, refusedWrites } = status;
  const bad = dataTypes.filter(({ status }) => status === 'failed' || status === 'partial').length;
  const sentence =
    bad === 0
      ? coloured('The last sync of everything went well.', 'green', display)
      : coloured(`${bad} of ${dataTypes.length} need attention.`, 'yellow', display);
  const delay = scheduled ? delayOf(dataTypes, nowMs) : '';
  const lines = [
    sentence,
    ...(delay === '' ? [] : [coloured(wrapped(delay, display), 'red', display)]),
    ...(refusedWrites === 0 ? [] : [wrapped(refusalText(refusedWrites), display)]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function refusalText(refusedWrites: number): string {
  return `Refused so far: the writes of ${refusedWrites} syncs whose process had lost the account to another one.`;
}

/** Whether nobody syncs, or somebody does and does not get on; empty when all is in time. */
function delayOf(dataTypes: readonly DataTypeStatus[], nowMs: number): string {
  const late = dataTypes.filter(
    ({ running, nextSync }) => !running && nextSync !== null && nowMs - Date.parse(nextSync) > OVERDUE_MS,
  );
  if (late.length === 0) return '';
  const sinceMs = Math.min(...late.map(({ nextSync }) => Date.parse(nextSync ?? '')));
  const isAtWork = dataTypes.some(({ lastSync }) => lastSync !== null && Date.parse(lastSync) > sinceMs);
  if (!isAtWork) {
    return `${late.length} of ${dataTypes.length} syncs are overdue: no service seems to be running. Start it with exchange-sync run.`;
  }
  const accounts = [...new Set(late.map(accountId))].join(', ');
  return `Overdue while others are synced: ${accounts}. Their syncs take longer than usual, or the service no longer has them; its log says more.`;
}
