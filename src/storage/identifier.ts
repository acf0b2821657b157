/** Quotes a name that is part of a statement's text, where no parameter can stand. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."table"`: statements name the schema, because a pooled session's search_path is not ours to set. */
export function qualifiedName(schema: string, name: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
