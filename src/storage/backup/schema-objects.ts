import { legacyTableNames } from '../adoption/legacy-table-names.js';
import type { Migration } from '../migration-files.js';

export type ObjectKind = 'TABLE' | 'VIEW' | 'DOMAIN' | 'FUNCTION';

const CREATES = /^CREATE (?:OR REPLACE )?(TABLE|VIEW|DOMAIN|FUNCTION) (?:IF NOT EXISTS )?([a-z_0-9]+)/gm;

/** What those migrations make, by what they say. */
export function objectsOf(migrations: readonly Migration[], kind: ObjectKind): readonly string[] {
  const names = migrations.flatMap(({ sql }) =>
    [...sql.matchAll(CREATES)].flatMap(([, made, name = '']) => (made === kind ? [name] : [])),
  );
  return [...new Set(names)];
}

/** The tables that belong to this program: those it makes, and those it took over and keeps. */
export function ownTables(migrations: readonly Migration[]): readonly string[] {
  return [...objectsOf(migrations, 'TABLE'), ...legacyTableNames()];
}
