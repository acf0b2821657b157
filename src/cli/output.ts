import { stripVTControlCharacters, styleText } from 'node:util';
import Table from 'cli-table3';
import { Help } from 'commander';

/** Where a command writes: results to `out`, everything else to `err`. */
export interface Terminal {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
}

/** The stream that a text is for: how wide it is and whether it has colours depends on it. */
export type Display = NodeJS.WriteStream;

export type Colour = 'red' | 'yellow' | 'green';

export function printJson(terminal: Terminal, value: unknown): void {
  terminal.out.write(`${JSON.stringify(value, null, terminal.out.isTTY ? 2 : 0)}\n`);
}

export interface Column<Row> {
  readonly title: string;
  /** Numbers are aligned right, so that their magnitudes can be compared. */
  readonly align?: 'left' | 'right';
  /** `null` is unknown, and shown as a dash: never as zero and never as nothing. */
  readonly cell: (row: Row) => string | null;
  readonly colour?: (row: Row) => Colour | undefined;
  /** Left out where the terminal is too narrow for the whole table: the highest first. */
  readonly leaveOut?: number;
}

const NO_LINES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/**
 * Rows under their titles, in aligned columns without lines: readable, and easy to cut with awk. A terminal
 * gets as many columns as fit, since wrapped rows can't be read; a pipe or a file gets all.
 */
export function formatTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  display: Display,
): string {
  const text = renderTable(rows, columns, display);
  const expendable = columns.reduce((most, { leaveOut = 0 }) => Math.max(most, leaveOut), 0);
  if (expendable === 0 || widthOf(text) <= widthOfDisplay(display)) return text;
  const kept = columns.filter(({ leaveOut }) => leaveOut !== expendable);
  return formatTable(rows, kept, display);
}

function renderTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], display: Display): string {
  const table = new Table({
    head: columns.map(({ title }) => title.toUpperCase()),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) {
    table.push(
      columns.map(({ cell, colour }) => coloured(printable(cell(row) ?? '—'), colour?.(row), display)),
    );
  }
  return `${table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
}

function widthOf(text: string): number {
  const lines = stripVTControlCharacters(text).split('\n');
  return lines.reduce((widest, { length }) => Math.max(widest, length), 0);
}

function widthOfDisplay({ isTTY, columns }: Display): number {
  return isTTY === true && columns > 0 ? columns : Number.POSITIVE_INFINITY;
}

/** Colours are for a terminal that has them; NO_COLOR and FORCE_COLOR are honoured. */
export function coloured(text: string, colour: Colour | undefined, display: Display): string {
  return colour === undefined ? text : styleText(colour, text, { stream: display });
}

/** Breaks the lines of `text` between words where a terminal would break them within; no line end is added. */
export function wrapped(text: string, display: Display, indent = 0): string {
  const margin = ' '.repeat(indent);
  const width = widthOfDisplay(display);
  const lines = Number.isFinite(width) ? new Help().boxWrap(text, Math.max(width - indent, 40)) : text;
  return lines
    .split('\n')
    .map((line) => (line === '' ? line : `${margin}${line}`))
    .join('\n');
}

/** Names and messages come from exchanges: a control character in one must not reach the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}

/** `2026-03-01 12:00:05Z`: UTC, to the second. */
export function formatTime(iso: string | null): string | null {
  return iso === null ? null : `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`;
}
