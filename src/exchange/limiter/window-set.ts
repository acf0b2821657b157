import type { LimitHold } from '../guard/guard-state.js';
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

/** Where a set's hold is kept: with those of others, to be stored. */
export interface HoldPlace {
  readonly limits: Map<string, LimitHold>;
  readonly name: string;
}

interface BudgetWindow {
  readonly budget: RateBudget;
  readonly window: RollingWindow;
}

/** The windows of one holder of budgets: of one IP address, or of one key. */
export class WindowSet {
  readonly #windows: readonly BudgetWindow[];
  readonly #place: HoldPlace;

  constructor(budgets: readonly RateBudget[], place: HoldPlace = { limits: new Map(), name: '' }) {
    this.#place = place;
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
  hold(hold: LimitHold): void {
    const { limits, name } = this.#place;
    const known = limits.get(name);
    if (known === undefined || hold.untilMs > known.untilMs) limits.set(name, hold);
  }

  heldAt(nowMs: number): LimitHold | undefined {
    const { limits, name } = this.#place;
    const hold = limits.get(name);
    if (hold === undefined || hold.untilMs > nowMs) return hold;
    limits.delete(name);
    return undefined;
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
