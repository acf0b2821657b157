interface Entry {
  readonly untilMs: number;
  readonly weight: number;
}

/** At most `limit` of weight within any `windowMs`. */
export class RollingWindow {
  readonly #limit: number;
  readonly #windowMs: number;
  /** By the time at which their weight is free again. */
  #entries: Entry[] = [];
  #closedUntilMs = 0;

  constructor(limit: number, windowMs: number) {
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** 0: this weight fits now. */
  waitMs(weight: number, nowMs: number): number {
    this.#forget(nowMs);
    return Math.max(this.#closedUntilMs - nowMs, this.#roomAtMs(weight, nowMs) - nowMs, 0);
  }

  /** What weighs more than the whole window fills it for longer than its length. */
  take(weight: number, nowMs: number): void {
    const windows = Math.max(1, weight / this.#limit);
    this.#add({ untilMs: nowMs + this.#windowMs * windows, weight });
  }

  /** The exchange counted more than was taken here: another program uses the same address or key. */
  raiseTo(used: number, nowMs: number): void {
    this.#forget(nowMs);
    const unseen = used - this.#used();
    if (unseen > 0) this.#add({ untilMs: nowMs + this.#windowMs, weight: unseen });
  }

  /** Nothing is left until then, says the exchange; a window later there is, whatever its clock says. */
  closeUntil(untilMs: number, nowMs: number): void {
    this.#closedUntilMs = Math.min(untilMs, nowMs + this.#windowMs);
  }

  #roomAtMs(weight: number, nowMs: number): number {
    let used = this.#used();
    let freeAtMs = nowMs;
    for (const entry of this.#entries) {
      if (used + weight <= this.#limit) break;
      used -= entry.weight;
      freeAtMs = entry.untilMs;
    }
    return freeAtMs;
  }

  #used(): number {
    return this.#entries.reduce((sum, { weight }) => sum + weight, 0);
  }

  #add(entry: Entry): void {
    const index = this.#entries.findLastIndex(({ untilMs }) => untilMs <= entry.untilMs);
    this.#entries.splice(index + 1, 0, entry);
  }

  #forget(nowMs: number): void {
    const live = this.#entries.findIndex(({ untilMs }) => untilMs > nowMs);
    this.#entries = live === -1 ? [] : this.#entries.slice(live);
  }
}
