import type { HistoryPaging } from './history-paging.js';
import type { HistoryScopeProfile } from './history-scopes.js';
import type { ExchangeProfile } from './profile.js';

/** What is wrong with what a profile says of histories: each of it would be a hole that nobody sees. */
export function historyProblems({ trades, transfers, ledger }: ExchangeProfile): string[] {
  const lists: Readonly<Record<string, readonly HistoryScopeProfile[]>> = { trades, transfers, ledger };
  return [
    ...Object.entries(lists).flatMap(([list, scopes]) => [
      ...repeated(scopes.map(({ id }) => id)).map((id) => `${list}: the scope ${id} is there twice`),
      ...scopes.flatMap((scope) => scopeProblems(`${list} ${scope.id}`, scope)),
    ]),
    ...trades
      .filter(({ kindField, kinds }) => (kindField === undefined) !== (kinds === undefined))
      .map(({ id }) => `trades ${id}: kindField and kinds go together`),
  ];
}

function repeated(ids: readonly string[]): string[] {
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

function scopeProblems(where: string, scope: HistoryScopeProfile): string[] {
  const { id, windowMs = 1, retentionMs = 1, servedFromMs, lateMs, answer, paging, range } = scope;
  return [
    ...(id.trim() === '' ? [`${where}: it has no id`] : []),
    ...notAbove(0, { [`${where}: windowMs`]: windowMs, [`${where}: retentionMs`]: retentionMs }),
    ...notAbove(-1, { [`${where}: servedFromMs`]: servedFromMs, [`${where}: lateMs`]: lateMs }),
    ...pagingProblems(where, paging),
    ...(answer !== undefined && answer.parse === undefined && answer.legs === undefined
      ? [`${where}: nothing makes rows of its answer`]
      : []),
    ...(paging.kind === 'cursor' && paging.cursorField === undefined && answer?.cursor === undefined
      ? [`${where}: nothing says where an answer names the next page`]
      : []),
    ...(range.to === undefined && orderOf(paging) === 'newest-first'
      ? [`${where}: a list that cannot be ended has to be read from the oldest row on`]
      : []),
    ...(scope.reachMs !== undefined && scope.byAnotherTime !== true
      ? [`${where}: reachMs is for a list that goes by another time than its rows show`]
      : []),
    ...(scope.byAnotherTime === true && goesByTime(paging)
      ? [`${where}: its pages go by the time that its rows show, which is not the list's`]
      : []),
  ];
}

function pagingProblems(where: string, paging: HistoryPaging): string[] {
  if (paging.kind !== 'single') return notAbove(0, { [`${where}: pageLimit`]: paging.pageLimit });
  return paging.cutAt === undefined ? [] : notAbove(0, { [`${where}: cutAt`]: paging.cutAt });
}

function orderOf(paging: HistoryPaging): 'newest-first' | 'oldest-first' | 'any' {
  if (paging.kind === 'single') return 'any';
  if (paging.kind === 'offset') return paging.order;
  return paging.kind === 'after-time' || paging.kind === 'after-id' ? 'oldest-first' : 'newest-first';
}

function goesByTime(paging: HistoryPaging): boolean {
  if (paging.kind === 'before-time' || paging.kind === 'after-time') return true;
  return (paging.kind === 'before-id' || paging.kind === 'after-id') && paging.withoutRange === true;
}

function notAbove(least: number, values: Readonly<Record<string, number>>): string[] {
  return Object.entries(values)
    .filter(([, value]) => !(Number.isFinite(value) && value > least))
    .map(([what, value]) => `${what} is ${value}`);
}
