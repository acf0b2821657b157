import type { RateBudget } from '../profiles/profile.js';
import { RollingWindow } from './rolling-window.js';

/** As ccxt names a request. */
export interface BudgetedRequest {
  readonly section: string;
  readonly endpoint: string;
}

export interface Charge {
  readonly window: RollingWindow;
  readonly weight: number;
}

export interface WindowHold {
  readonly untilMs: number;
  readonly code: 'RATE_LIMITED' | 'BANNED';
}

interface BudgetWindow {
  readonly budget: RateBudget;
  readonly window: RollingWindow;
}

/** The windows of one holder of budgets: of one IP address, or of one key. */
export class WindowSet {
  readonly #windows: readonly BudgetWindow[];
  #hold: WindowHold | undefined;

  constructor(budgets: readonly RateBudget[]) {
    this.#windows = budgets.map((budget) => ({
      budget,
      window: new RollingWindow(budget.limit, budget.windowMs),
    }));
  }

  chargesFor(request: BudgetedRequest, cost: number): readonly Charge[] {
    return this.#applying(request).map(({ budget, window }) => ({
      window,
      weight: budget.weightPerCost === undefined ? 1 : cost * budget.weightPerCost,
    }));
  }

  /** The exchange asked for no requests at all until then. A longer hold stands. */
  hold(hold: WindowHold): void {
    if (this.#hold === undefined || hold.untilMs > this.#hold.untilMs) this.#hold = hold;
  }

  heldAt(nowMs: number): WindowHold | undefined {
    if (this.#hold !== undefined && this.#hold.untilMs <= nowMs) this.#hold = undefined;
    return this.#hold;
  }

  observe(request: BudgetedRequest, headers: Readonly<Record<string, string>>, nowMs: number): void {
    for (const { budget, window } of this.#applying(request)) {
      const { used, remaining, limit, resetAtMs } = budget.headers ?? {};
      const usedNow = numberIn(headers, used);
      if (usedNow !== undefined) window.raiseTo(usedNow, nowMs);
      const left = numberIn(headers, remaining);
      const resetsAt = numberIn(headers, resetAtMs);
      const most = numberIn(headers, limit);
      if (left === 0 && resetsAt !== undefined) window.closeUntil(resetsAt, nowMs);
      // The exchange's own limit differs per endpoint and tier; the share that is used is what counts.
      if (left !== undefined && most !== undefined && most > 0) {
        window.raiseTo(Math.floor((1 - left / most) * budget.limit), nowMs);
      }
    }
  }

  #applying(request: BudgetedRequest): readonly BudgetWindow[] {
    return this.#windows.filter(({ budget }) => applies(budget, request));
  }
}

function applies({ sections, endpoints }: RateBudget, { section, endpoint }: BudgetedRequest): boolean {
  return startsWithOne(section, sections) && startsWithOne(endpoint, endpoints);
}

function startsWithOne(name: string, prefixes: readonly string[] | undefined): boolean {
  return prefixes === undefined || prefixes.some((prefix) => name.startsWith(prefix));
}

function numberIn(headers: Readonly<Record<string, string>>, name: string | undefined): number | undefined {
  const text = name === undefined ? undefined : headers[name];
  if (text === undefined || text.trim() === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}
