import type { Reply } from '../http/reply.js';

/** One limit per group of endpoints and IP address (docs: "LIMITS" of each API): weight per minute. */
const GROUPS = {
  '/api/': { limit: 6_000, header: 'X-MBX-USED-WEIGHT-1M' },
  '/sapi/': { limit: 12_000, header: 'X-SAPI-USED-IP-WEIGHT-1M' },
  '/fapi/': { limit: 2_400, header: 'X-MBX-USED-WEIGHT-1M' },
  '/dapi/': { limit: 2_400, header: 'X-MBX-USED-WEIGHT-1M' },
} as const;

type Group = keyof typeof GROUPS;

/** Some endpoints count by account (docs: "LIMITS" of the wallet's API). */
const BY_ACCOUNT = { limit: 180_000, header: 'X-SAPI-USED-UID-WEIGHT-1M' };

const WINDOW_MS = 60_000;
/** This many requests after the first refusal, the address is banned. */
const PATIENCE = 10;
const BAN_MS = 120_000;

export type Verdict =
  | { readonly kind: 'served'; readonly headers: Reply['headers'] }
  | {
      readonly kind: 'refused';
      readonly status: 429 | 418;
      readonly message: string;
      readonly headers: Reply['headers'];
    };

/** Used weight in fixed minutes; whoever goes on after 429 is banned with 418. */
export class BinanceRateLimits {
  /** Replaces every group's limit; the published ones when undefined. */
  readonly #limit: number | undefined;
  /** By group, or by account. */
  readonly #windows = new Map<string, { startMs: number; used: number; refusals: number }>();
  #bannedUntilMs = 0;

  constructor(limit: number | undefined) {
    this.#limit = limit;
  }

  /** `account`: its weight is counted, not the address's. */
  charge(path: string, weight: number, nowMs: number, account?: string): Verdict {
    if (nowMs < this.#bannedUntilMs) return this.#banned(nowMs);
    const byAddress = (Object.keys(GROUPS) as Group[]).find((one) => path.startsWith(one)) ?? '/api/';
    const { header, limit: published } = account === undefined ? GROUPS[byAddress] : BY_ACCOUNT;
    const group = account ?? byAddress;
    const startMs = Math.floor(nowMs / WINDOW_MS) * WINDOW_MS;
    const before = this.#windows.get(group);
    const window = before?.startMs === startMs ? before : { startMs, used: 0, refusals: 0 };
    window.used += weight;
    this.#windows.set(group, window);
    const headers = { [header]: String(window.used) };
    const limit = this.#limit ?? published;
    if (window.used <= limit) return { kind: 'served', headers };
    window.refusals += 1;
    if (window.refusals > PATIENCE) {
      this.#bannedUntilMs = nowMs + BAN_MS;
      return this.#banned(nowMs);
    }
    return {
      kind: 'refused',
      status: 429,
      message:
        `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. ` +
        'Please use WebSocket Streams for live updates to avoid polling the API.',
      headers: { ...headers, 'Retry-After': seconds(startMs + WINDOW_MS - nowMs) },
    };
  }

  #banned(nowMs: number): Verdict {
    return {
      kind: 'refused',
      status: 418,
      message:
        `Way too much request weight used; IP banned until ${this.#bannedUntilMs}. ` +
        'Please use WebSocket Streams for live updates to avoid bans.',
      headers: { 'Retry-After': seconds(this.#bannedUntilMs - nowMs) },
    };
  }
}

function seconds(durationMs: number): string {
  return String(Math.ceil(durationMs / 1000));
}
