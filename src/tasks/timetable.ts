import { SYNCED_DATA_TYPES, type SyncedDataType } from '../domain/data-type.js';
import { firstDueMs, jitterMs, nextDueMs } from './schedule.js';
import { type SyncTarget, targetId } from './sync-target.js';

export interface TimetableOptions {
  readonly intervalMs: Readonly<Record<SyncedDataType, number>>;
  /** 0 to 1, as `Math.random`. */
  readonly random: () => number;
}

interface Entry {
  readonly target: SyncTarget;
  /** On the grid. */
  dueMs: number;
  /** With jitter. */
  startMs: number;
}

const MOST_APART_MS = 2_000;

/** The targets that are kept in sync, and when each is due next. */
export class Timetable {
  readonly #options: TimetableOptions;
  readonly #entries = new Map<string, Entry>();
  /** By exchange and due time: what is due together starts together, so that its order holds. */
  readonly #jitterShares = new Map<string, { readonly dueMs: number; readonly share: number }>();

  constructor(options: TimetableOptions) {
    this.#options = options;
  }

  /** Targets that are new are due at once unless `storedMs` says otherwise; those not named are dropped. */
  setTargets(
    targets: readonly SyncTarget[],
    nowMs: number,
    storedMs: (target: SyncTarget) => number | undefined,
  ): void {
    const named = new Set(targets.map(targetId));
    for (const id of this.#entries.keys()) if (!named.has(id)) this.#entries.delete(id);
    for (const target of targets) {
      if (this.#entries.has(targetId(target))) continue;
      const dueMs = this.#together(target, firstDueMs(storedMs(target), nowMs, this.#interval(target)));
      const startMs = dueMs <= nowMs ? dueMs : this.#startMs(target, dueMs);
      this.#entries.set(targetId(target), { target, dueMs, startMs });
    }
  }

  /** Those whose time has come, in the order in which data types run; each is then due at its next time. */
  takeDue(nowMs: number): readonly SyncTarget[] {
    this.#pullIn(nowMs);
    const due = [...this.#entries.values()].filter(({ startMs }) => startMs <= nowMs);
    for (const entry of due) {
      // One that is tried again comes before its next time, which stays.
      if (entry.dueMs <= nowMs) entry.dueMs = nextDueMs(entry.dueMs, nowMs, this.#interval(entry.target));
      entry.startMs = this.#startMs(entry.target, entry.dueMs);
    }
    for (const [key, { dueMs }] of this.#jitterShares) if (dueMs <= nowMs) this.#jitterShares.delete(key);
    return due.map(({ target }) => target).sort(byDataType);
  }

  /** When `takeDue` has something next; undefined when there is no target. */
  get nextStartMs(): number | undefined {
    const starts = [...this.#entries.values()].map(({ startMs }) => startMs);
    return starts.length === 0 ? undefined : Math.min(...starts);
  }

  /** The target's next due time, without jitter; undefined when it is not in the table. */
  dueMs(target: SyncTarget): number | undefined {
    return this.#entries.get(targetId(target))?.dueMs;
  }

  /** Another process has synced the target and stored this as its next time: the grid goes on from there. */
  follow(target: SyncTarget, storedMs: number): void {
    const entry = this.#entries.get(targetId(target));
    if (entry === undefined) return;
    entry.dueMs = this.#together(target, storedMs);
    entry.startMs = this.#startMs(target, entry.dueMs);
  }

  /** The target is to start again then, if it does not anyway; its next time stays. */
  retry(target: SyncTarget, startMs: number): void {
    const entry = this.#entries.get(targetId(target));
    if (entry !== undefined) entry.startMs = Math.min(entry.startMs, startMs);
  }

  /**
   * Times that were one when they were stored come back some milliseconds apart, each from its own statement.
   * They are one again here, so that what is due together starts together.
   */
  #together(target: SyncTarget, dueMs: number): number {
    const apartMs = Math.min(MOST_APART_MS, jitterMs(this.#interval(target), 1));
    const others = [...this.#entries.values()].filter((entry) => entry.target.exchange === target.exchange);
    return others.find((entry) => Math.abs(entry.dueMs - dueMs) <= apartMs)?.dueMs ?? dueMs;
  }

  /** A machine's clock that is set back must not keep everything waiting for as long. */
  #pullIn(nowMs: number): void {
    for (const entry of this.#entries.values()) {
      const latestMs = nowMs + this.#interval(entry.target);
      if (entry.dueMs <= latestMs) continue;
      entry.dueMs = latestMs;
      entry.startMs = this.#startMs(entry.target, latestMs);
    }
  }

  #startMs(target: SyncTarget, dueMs: number): number {
    const key = `${target.exchange} ${dueMs}`;
    const known = this.#jitterShares.get(key) ?? { dueMs, share: this.#options.random() };
    this.#jitterShares.set(key, known);
    return dueMs + jitterMs(this.#interval(target), known.share);
  }

  #interval({ dataType }: SyncTarget): number {
    return this.#options.intervalMs[dataType];
  }
}

function byDataType(left: SyncTarget, right: SyncTarget): number {
  return SYNCED_DATA_TYPES.indexOf(left.dataType) - SYNCED_DATA_TYPES.indexOf(right.dataType);
}
