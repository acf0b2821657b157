import type { Coverage, CoverageFilter } from '../domain/coverage-view.js';
import { HISTORY_DATA_TYPES } from '../domain/data-type.js';
import { scopeCoverage } from '../ledger/scope-coverage.js';
import type { Queryable } from '../storage/database.js';
import type { HistoryKey } from '../storage/range-table.js';
import type { Repositories } from '../storage/repositories.js';

/** What is known of each scope of the accounts' histories, by what is stored alone. */
export async function readCoverage(
  queryable: Queryable,
  { scopes, coverage, rereads, setAside }: Pick<Repositories, 'scopes' | 'coverage' | 'rereads' | 'setAside'>,
  { dataType, ...account }: CoverageFilter,
): Promise<Coverage> {
  const planned = new Map(
    (await scopes.list(queryable, { ...account, ...(dataType !== undefined && { dataType }) })).flatMap(
      (scope) => {
        const history = HISTORY_DATA_TYPES.find((each) => each === scope.dataType);
        return history === undefined ? [] : [[idOf({ ...scope, dataType: history }), scope] as const];
      },
    ),
  );
  const ranges = grouped(await coverage.list(queryable, account, dataType));
  const requested = grouped(await rereads.list(queryable, account, dataType));
  const aside = grouped(await setAside.count(queryable, account, dataType));
  const keys = [...new Set([...planned.keys(), ...ranges.keys()])].sort();
  return {
    scopes: keys.flatMap((id) => {
      const known = ranges.get(id) ?? [];
      const scope = planned.get(id);
      const found = scopeCoverage(keyOf(id), {
        wanted: scope?.wanted,
        complete: known.filter(({ state }) => state === 'complete'),
        lost: known.flatMap((range) => (range.state === 'lost' ? [range] : [])),
        rereads: requested.get(id) ?? [],
        setAside: aside.get(id)?.[0]?.rows ?? 0,
        nextLossAtMs: scope?.nextLossAtMs,
      });
      return found ?? [];
    }),
  };
}

function grouped<Row extends HistoryKey>(rows: readonly Row[]): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(idOf(row)) ?? [];
    group.push(row);
    groups.set(idOf(row), group);
  }
  return groups;
}

function idOf({ exchange, account, dataType, scope }: HistoryKey): string {
  return JSON.stringify([exchange, account, dataType, scope]);
}

function keyOf(id: string): HistoryKey {
  const [exchange, account, dataType, scope] = JSON.parse(id);
  return { exchange, account, dataType, scope };
}
