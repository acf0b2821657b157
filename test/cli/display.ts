import { PassThrough } from 'node:stream';
import type { Display } from '#src/cli/output.js';

/** A stream that says it is a terminal of so many columns; without `columns` it is a pipe. */
export function display(columns?: number): Display {
  const stream = new PassThrough();
  return Object.assign(stream, columns === undefined ? {} : { isTTY: true, columns }) as unknown as Display;
}
