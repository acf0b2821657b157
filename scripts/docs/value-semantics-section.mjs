import { MEANINGS } from './column-meanings.mjs';
import { code, table } from './markdown.mjs';

/** A table for each table and view, from the comments in the database. `rows`: of SCHEMA_QUERY. */
export function valueSemanticsSection(rows) {
  const relations = groupByRelation(rows);
  return [...relations].map(([name, columns]) => section(name, columns)).join('\n\n');
}

function groupByRelation(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.relation, [...(groups.get(row.relation) ?? []), row]);
  return groups;
}

function section(name, columns) {
  const [{ about, isView }] = columns;
  const lines = columns.map((column) => {
    const { meaning, unknown } = split(meaningOf(column));
    return [code(column.column), shortType(column.type), meaning, unknown];
  });
  return `### ${code(name)}${isView ? ' (view)' : ''}\n\n${about}\n\n${table(['Column', 'Type', 'Meaning', 'NULL'], lines)}`;
}

function meaningOf({ relation, column, comment }) {
  const meaning = comment ?? MEANINGS[`${relation}.${column}`] ?? MEANINGS[column];
  if (meaning === undefined) {
    throw new Error(
      `Say what ${relation}.${column} means: as its comment, or in scripts/docs/column-meanings.mjs.`,
    );
  }
  return meaning;
}

/** `Average price. NULL: nothing was filled.` is two cells; what is never NULL has a dash. */
function split(text) {
  const [meaning, unknown] = text.split(/ ?NULL: /);
  return {
    meaning,
    unknown: unknown === undefined ? '—' : unknown.replace(/^./, (first) => first.toUpperCase()),
  };
}

function shortType(type) {
  return type === 'timestamp with time zone' ? 'timestamptz' : type.replace(/.*exact_amount/, 'numeric');
}
