import { accountId } from '../domain/account.js';
import type { CoverageRange, LostRange, ScopeCoverage } from '../domain/coverage-view.js';
import { formatElapsed } from './elapsed-time.js';
import { type Column, coloured, type Display, formatTable, printable, wrapped } from './output.js';
import { formatMoment, formatRange, lengthMs } from './range-text.js';

/** What is known of some lists of one data type of one account. */
interface Row {
  readonly account: string;
  readonly dataType: string;
  /** Empty where they are several. */
  readonly scope: string;
  readonly scopes: readonly ScopeCoverage[];
}

export interface CoverageView {
  /** A row for each scope instead of each data type. */
  readonly byScope: boolean;
  readonly nowMs: number;
}

/** How much of each history is proven; then what is lost, what falls off next, and what to do. */
export function formatCoverage(
  scopes: readonly ScopeCoverage[],
  display: Display,
  { byScope, nowMs }: CoverageView,
): string {
  if (scopes.length === 0) return NOTHING_KNOWN;
  const rows = byScope ? scopes.map((scope) => rowOf([scope], scope.scope)) : byDataType(scopes);
  const parts = [
    formatTable(rows, columns(byScope, nowMs), display),
    rows.map((row) => formatNotes(row, byScope, display, nowMs)).join(''),
    verdict(rows, display),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

const NOTHING_KNOWN =
  'No history has been read yet: exchange-sync backfill reads it. `exchange-sync status` shows which accounts there are.\n';

function byDataType(scopes: readonly ScopeCoverage[]): readonly Row[] {
  const groups = new Map<string, ScopeCoverage[]>();
  for (const scope of scopes) {
    const key = `${accountId(scope)} ${scope.dataType}`;
    groups.set(key, [...(groups.get(key) ?? []), scope]);
  }
  return [...groups.values()].map((group) => rowOf(group, ''));
}

function rowOf(scopes: readonly ScopeCoverage[], scope: string): Row {
  const [first] = scopes as readonly [ScopeCoverage];
  return { account: accountId(first), dataType: first.dataType, scope, scopes };
}

function columns(byScope: boolean, nowMs: number): readonly Column<Row>[] {
  const scope: Column<Row> = { title: 'scope', cell: (row) => row.scope };
  return [
    { title: 'account', cell: ({ account }) => account },
    { title: 'data', cell: ({ dataType }) => dataType },
    ...(byScope ? [scope] : []),
    {
      title: 'proven',
      align: 'right',
      cell: provenPercent,
      colour: (row) => (isProven(row) ? 'green' : 'yellow'),
    },
    {
      title: 'from',
      cell: (row) => earliest(row.scopes.map(({ from }) => from))?.slice(0, 10) ?? null,
      leaveOut: 3,
    },
    { title: 'gaps', align: 'right', cell: (row) => countedRanges(gapsOf(row)) },
    { title: 'lost', align: 'right', cell: (row) => countedRanges(lostOf(row)) },
    { title: 'set aside', align: 'right', cell: (row) => String(setAsideOf(row)), leaveOut: 2 },
    { title: 'next loss', cell: (row) => formatLoss(row, nowMs), leaveOut: 1 },
  ];
}

const gapsOf = ({ scopes }: Row): readonly CoverageRange[] => scopes.flatMap(({ gaps }) => gaps);
const lostOf = ({ scopes }: Row): readonly LostRange[] => scopes.flatMap(({ lost }) => lost);
const setAsideOf = ({ scopes }: Row) => scopes.reduce((sum, { setAside }) => sum + setAside, 0);

/** Times in one format sort as text. */
function earliest(times: readonly (string | null)[]): string | undefined {
  return times.filter((time) => time !== null).sort()[0];
}

function isProven(row: Row): boolean {
  return gapsOf(row).length === 0 && lostOf(row).length === 0;
}

/** Of the whole time of all its scopes. Rounded down: what is not all is never shown as 100 %. */
function provenPercent(row: Row): string {
  if (isProven(row)) return '100 %';
  const wholeMs = lengthMs(row.scopes);
  const provenMs = lengthMs(row.scopes.flatMap(({ complete }) => complete));
  return `${(Math.min(Math.floor((provenMs / wholeMs) * 1000), 999) / 10).toFixed(1)} %`;
}

/** `2 (13 d)`: how many, and how long together. */
function countedRanges(ranges: readonly CoverageRange[]): string {
  return ranges.length === 0 ? '0' : `${ranges.length} (${formatElapsed(lengthMs(ranges))})`;
}

function formatLoss(row: Row, nowMs: number): string | null {
  const next = earliest(row.scopes.map(({ nextLossAt }) => nextLossAt));
  if (next === undefined) return null;
  const untilMs = Date.parse(next) - nowMs;
  return untilMs > 0 ? `in ${formatElapsed(untilMs)}` : 'now';
}

function formatNotes(row: Row, byScope: boolean, display: Display, nowMs: number): string {
  const loss = formatLoss(row, nowMs);
  const waiting = row.scopes.reduce((sum, { rereads }) => sum + rereads.length, 0);
  const notes = [
    ...lossesByReason(lostOf(row)),
    ...(byScope ? gapsOf(row).map((gap) => `Not read: ${formatRange(gap)}.`) : []),
    ...(loss === null || gapsOf(row).length === 0
      ? []
      : [
          `What is not read yet begins to fall off at the exchange ${loss}: exchange-sync backfill ${row.account}`,
        ]),
    ...(setAsideOf(row) === 0
      ? []
      : [
          `Set aside: ${counted(setAsideOf(row), 'row')} that can not be what they say; see the table sync_set_aside.`,
        ]),
    ...(waiting === 0 ? [] : [`To be read once more: ${counted(waiting, 'range')}.`]),
  ];
  if (notes.length === 0) return '';
  const head = [row.account, row.dataType, row.scope].filter((part) => part !== '').join(' ');
  return [
    coloured(wrapped(printable(head), display), 'yellow', display),
    ...notes.map((note) => wrapped(printable(note), display, 2)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** One line for all ranges that are lost for the same reason. */
function lossesByReason(lost: readonly LostRange[]): readonly string[] {
  const reasons = new Map<string, LostRange[]>();
  for (const range of lost) reasons.set(range.reason, [...(reasons.get(range.reason) ?? []), range]);
  return [...reasons].map(([reason, ranges]) => {
    const froms = ranges.map(({ from }) => from).sort();
    const tos = ranges.map(({ to }) => to).sort();
    const from = formatMoment(froms[0] as string);
    const to = formatMoment(tos.at(-1) as string);
    const times = ranges.length === 1 ? '' : ` (${ranges.length} ranges)`;
    return `Lost: ${from} to ${to}${times}: ${reason}`;
  });
}

function verdict(rows: readonly Row[], display: Display): string {
  const open = rows.filter((row) => gapsOf(row).length > 0).length;
  if (open > 0) {
    const text = `${open} of ${rows.length} histories have gaps: exchange-sync backfill reads them.`;
    return `${coloured(wrapped(text, display), 'yellow', display)}\n`;
  }
  const lossy = rows.some((row) => lostOf(row).length > 0);
  const text = lossy
    ? 'Everything that the exchanges still serve is read.'
    : 'Every history is complete from where it begins.';
  return `${coloured(text, 'green', display)}\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
