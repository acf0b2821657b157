import { isErrorCode } from '../../domain/errors.js';
import { historyProblems } from './history-problems.js';
import type { Paging } from './paging.js';
import type { ErrorMeaning, ExchangeProfile, RateBudget, ScopeProfile } from './profile.js';

/** Checks a profile and freezes it. Throws an Error that lists every problem: a profile is part of the program. */
export function defineProfile(profile: ExchangeProfile): ExchangeProfile {
  const problems = problemsOf(profile);
  if (problems.length > 0) {
    throw new Error(
      `profile of ${profile.exchange}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    );
  }
  return deepFreeze(profile);
}

function problemsOf(profile: ExchangeProfile): string[] {
  return [
    ...scopeLists(profile).flatMap(([name, scopes]) => scopeProblems(name, scopes)),
    ...recentProblems(profile),
    ...historyProblems(profile),
    ...errorProblems(profile),
    ...profile.rateBudgets.flatMap(budgetProblems),
    ...positive('settleLagMs', profile.settleLagMs, { orZero: true }),
  ];
}

/** By data type: within one, a scope's id says which it is. */
function scopeLists(profile: ExchangeProfile): [string, readonly ScopeProfile[]][] {
  const { balances, positions, openOrders, recentOrders, prices } = profile;
  return Object.entries({ balances, positions, orders: [...openOrders, ...recentOrders], prices });
}

function scopeProblems(list: string, scopes: readonly ScopeProfile[]): string[] {
  const ids = scopes.map((scope) => scope.id);
  const repeated = ids.filter((id, index) => ids.indexOf(id) !== index);
  return [
    ...repeated.map((id) => `${list}: the scope ${id} is there twice`),
    ...scopes.filter((scope) => scope.id.trim() === '').map(() => `${list}: a scope has no id`),
    ...scopes.flatMap((scope) => pagingProblems(`${list} ${scope.id}`, scope.paging)),
  ];
}

function pagingProblems(where: string, paging: Paging): string[] {
  if (paging.kind === 'single') {
    return paging.cutAt === undefined ? [] : positive(`${where}: cutAt`, paging.cutAt);
  }
  return [
    ...positive(`${where}: pageLimit`, paging.pageLimit),
    ...positive(`${where}: maxPages`, paging.maxPages),
  ];
}

function recentProblems(profile: ExchangeProfile): string[] {
  const known = new Set(profile.recentOrders.map((scope) => scope.id));
  return [
    ...profile.openOrders
      .filter(({ recent }) => recent !== undefined && !known.has(recent))
      .map(({ id, recent }) => `openOrders ${id}: there is no recent list ${recent}`),
    ...profile.recentOrders.flatMap(({ id, windowMs = 1, retentionMs = 1, cancelledRetentionMs = 1 }) => [
      ...positive(`recentOrders ${id}: windowMs`, windowMs),
      ...positive(`recentOrders ${id}: retentionMs`, retentionMs),
      ...positive(`recentOrders ${id}: cancelledRetentionMs`, cancelledRetentionMs),
    ]),
  ];
}

function errorProblems({ errors }: ExchangeProfile): string[] {
  const rows: [string, ErrorMeaning][] = [
    ...Object.entries(errors.codes),
    ...Object.entries(errors.statuses),
  ];
  return rows.flatMap(([code, meaning]) =>
    [meaning, meaning.onceAnswered ?? meaning]
      .filter(({ error }) => !isErrorCode(error))
      .map(({ error }) => `errors ${code}: ${String(error)} is not an error code`),
  );
}

function budgetProblems(budget: RateBudget): string[] {
  return [
    ...positive(`rate budget ${budget.name}: windowMs`, budget.windowMs),
    ...positive(`rate budget ${budget.name}: limit`, budget.limit),
    ...positive(`rate budget ${budget.name}: weightPerCost`, budget.weightPerCost ?? 1),
  ];
}

function positive(what: string, value: number, { orZero = false } = {}): string[] {
  return Number.isFinite(value) && (value > 0 || (orZero && value === 0)) ? [] : [`${what} is ${value}`];
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) deepFreeze(member);
  }
  return value;
}
