import { accountId } from '../domain/account.js';
import type { HistoryChunk } from '../domain/backfill-report.js';
import { formatElapsed } from './elapsed-time.js';

/** What a backfill has read so far, and what that says about the rest. */
export class BackfillProgress {
  /** The latest chunk of each data type of each account. */
  readonly #latest = new Map<string, HistoryChunk>();
  readonly #startedMs: number;
  #rows = 0;
  #last: HistoryChunk | undefined;

  constructor(startedMs: number) {
    this.#startedMs = startedMs;
  }

  add(chunk: HistoryChunk): void {
    this.#latest.set(`${accountId(chunk)} ${chunk.dataType}`, chunk);
    this.#rows += chunk.rows;
    this.#last = chunk;
  }

  /** Of the time that is to be read of everything that was begun: 0 to 1. */
  share(): number {
    let [doneMs, totalMs] = [0, 0];
    for (const chunk of this.#latest.values()) {
      doneMs += chunk.doneMs;
      totalMs += chunk.totalMs;
    }
    return totalMs === 0 ? 0 : Math.min(doneMs / totalMs, 1);
  }

  /** `[#####-----]  50 %  12345 rows  430 rows/s  2 min left  bybit/main trades spot`, as much as fits. */
  line(nowMs: number, width: number): string {
    const elapsedMs = Math.max(nowMs - this.#startedMs, 1);
    const share = this.share();
    const last = this.#last;
    const parts = [
      bar(share),
      `${String(Math.floor(share * 100)).padStart(3)} %`,
      `${this.#rows} rows`,
      `${Math.round(this.#rows / (elapsedMs / 1000))} rows/s`,
      leftText(share, elapsedMs),
      last === undefined ? '' : `${accountId(last)} ${last.dataType} ${last.scope}`,
    ];
    const shown = parts
      .filter((part) => part !== '')
      .reduce((line, part) => {
        const longer = line === '' ? part : `${line}  ${part}`;
        return longer.length <= width ? longer : line;
      }, '');
    return shown;
  }
}

const BAR_WIDTH = 20;

function bar(share: number): string {
  const filled = Math.floor(share * BAR_WIDTH);
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR_WIDTH - filled)}]`;
}

/** Before so much is read, a guess would jump. */
const ENOUGH_MS = 2_000;
const ENOUGH_SHARE = 0.01;

function leftText(share: number, elapsedMs: number): string {
  if (elapsedMs < ENOUGH_MS || share < ENOUGH_SHARE || share === 1) return '';
  return `${formatElapsed((elapsedMs * (1 - share)) / share)} left`;
}
