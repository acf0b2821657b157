import type { SyncOutcome } from '../domain/report.js';
import { type Colour, coloured, type Display, printable, wrapped } from './output.js';

export interface Problem {
  /** `bybit/main`, or an exchange. */
  readonly account: string;
  /** What could not be done: a data type, with its scope where it concerns only that. */
  readonly subject: string;
  readonly code: string;
  readonly message: string;
}

export const STATUS_COLOURS: Readonly<Record<SyncOutcome, Colour | undefined>> = {
  ok: 'green',
  partial: 'yellow',
  failed: 'red',
  skipped: undefined,
};

/** A paragraph for each thing that is wrong, whatever the number of data types that it hits. */
export function formatProblems(problems: readonly Problem[], display: Display): string {
  const groups = new Map<string, Problem[]>();
  for (const problem of problems) {
    const key = `${problem.account}\n${problem.code}\n${problem.message}`;
    groups.set(key, [...(groups.get(key) ?? []), problem]);
  }
  return [...groups.values()].map((group) => formatGroup(group, display)).join('');
}

function formatGroup(group: readonly Problem[], display: Display): string {
  const [{ account, code, message }] = group as readonly [Problem];
  const subjects = subjectsOf(group);
  const head = `${[account, subjects.join(', ')].filter((part) => part !== '').join(' ')}: ${code}`;
  const lines = message.split('\n').map(printable).join('\n');
  return `${coloured(wrapped(printable(head), display), 'yellow', display)}\n${wrapped(lines, display, 2)}\n`;
}

/** Beyond these, the scopes are left out and their data types stay. */
const MOST_SUBJECTS = 3;

function subjectsOf(group: readonly Problem[]): readonly string[] {
  const subjects = new Set(group.map(({ subject }) => subject).filter((subject) => subject !== ''));
  if (subjects.size <= MOST_SUBJECTS) return [...subjects];
  return [...new Set([...subjects].map((subject) => subject.split(' ')[0] ?? subject))];
}
