import type { Reply } from '../http/reply.js';

/** Requests that one IP address may send (docs: v5 "Rate Limit Rules": 600 within 5 seconds). */
const IP_WINDOW_MS = 5_000;
export const BYBIT_IP_REQUESTS = 600;

const KEY_WINDOW_MS = 1_000;

export interface LimitState {
  readonly isExceeded: boolean;
  readonly headers: Reply['headers'];
}

/** Counts per IP over all endpoints, and per account and endpoint in windows of one second. */
export class BybitRateLimits {
  readonly #ipRequests: number;
  #ipWindow = { startMs: 0, used: 0 };
  readonly #keyWindows = new Map<string, { startMs: number; used: number }>();

  constructor(ipRequests: number) {
    this.#ipRequests = ipRequests;
  }

  /** False: the address is blocked until its window is over. */
  allowsIp(nowMs: number): boolean {
    if (nowMs >= this.#ipWindow.startMs + IP_WINDOW_MS) this.#ipWindow = { startMs: nowMs, used: 0 };
    this.#ipWindow.used += 1;
    return this.#ipWindow.used <= this.#ipRequests;
  }

  /** Charges one request; the headers tell what is left of the second. */
  charge(account: string, path: string, perSecond: number, nowMs: number): LimitState {
    const key = `${account} ${path}`;
    const before = this.#keyWindows.get(key);
    const window =
      before === undefined || nowMs >= before.startMs + KEY_WINDOW_MS ? { startMs: nowMs, used: 0 } : before;
    window.used += 1;
    this.#keyWindows.set(key, window);
    return {
      isExceeded: window.used > perSecond,
      headers: {
        'X-Bapi-Limit': String(perSecond),
        'X-Bapi-Limit-Status': String(Math.max(0, perSecond - window.used)),
        'X-Bapi-Limit-Reset-Timestamp': String(window.startMs + KEY_WINDOW_MS),
      },
    };
  }
}
