import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import type { SimulatedAccount } from '#src/simulator/world/account.js';
import type { RowList } from '#src/simulator/world/history/row-list.js';
import { okxMarkets } from '#src/simulator/world/okx-markets.js';
import type { HistoryPlan } from '#src/simulator/world/world-plan.js';

export const NOW_MS = 1_780_000_000_000;
export const DAY_MS = 24 * 60 * 60_000;

/** A clock that only moves when it is told to. */
export class HandClock {
  #nowMs = NOW_MS;

  now(): number {
    return this.#nowMs;
  }

  readonly sleep = async (): Promise<void> => undefined;

  advance(durationMs: number): void {
    this.#nowMs += durationMs;
  }
}

/** A world of one account that was opened with nothing `days` ago. */
export function startPast(
  exchange: string,
  history: HistoryPlan,
  { days, clock }: { days: number; clock: HandClock },
): Promise<Simulator> {
  return startSimulator({
    seed: 'past',
    clock,
    historyMs: days * DAY_MS,
    plan: (listedMs) => ({
      accounts: [{ exchange, account: 'main', holdings: [], history }],
      markets: exchange === 'okx' ? okxMarkets(listedMs) : [],
    }),
  });
}

export function accountOf({ world }: Simulator, exchange: string): SimulatedAccount {
  const found = world.account(exchange, 'main');
  if (found === undefined) throw new Error(`the world has no ${exchange}/main`);
  return found;
}

type Stored = { readonly id: string; readonly timestampMs: number; readonly seq: number };

export function listed<Row extends Stored>(list: RowList<Row>): Row[] {
  return Array.from({ length: list.length }, (_, index) => list.at(index));
}

/** The rows between two times, both included, oldest first. */
export function between<Row extends Stored>(list: RowList<Row>, fromMs: number, toMs: number): Row[] {
  return listed(list).filter(({ timestampMs }) => timestampMs >= fromMs && timestampMs <= toMs);
}

export function ids(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id);
}
