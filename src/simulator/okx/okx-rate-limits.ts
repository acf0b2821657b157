/** Counts requests per endpoint and asker in windows; okx tells no headers about what is left. */
export class OkxRateLimits {
  /** Replaces every endpoint's limit; the published ones when undefined. */
  readonly #limit: number | undefined;
  readonly #windows = new Map<string, { startMs: number; used: number }>();

  constructor(limit: number | undefined) {
    this.#limit = limit;
  }

  /** False: too many. `asker` is a user for private endpoints, an IP address for public ones. */
  allows(asker: string, path: string, published: number, windowMs: number, nowMs: number): boolean {
    const key = `${asker} ${path}`;
    const before = this.#windows.get(key);
    const isOver = before === undefined || nowMs >= before.startMs + windowMs;
    const window = isOver ? { startMs: nowMs, used: 0 } : before;
    window.used += 1;
    this.#windows.set(key, window);
    return window.used <= (this.#limit ?? published);
  }
}
