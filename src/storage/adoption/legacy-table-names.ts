import { NOT_COPIED } from './copy-rows.js';
import { LEGACY_TABLES } from './find-legacy-tables.js';
import { legacyName } from './legacy-table.js';

/** What an adoption leaves in the schema beside our own tables. */
export function legacyTableNames(): readonly string[] {
  return [...LEGACY_TABLES.map(({ name }) => legacyName(name)), NOT_COPIED];
}
