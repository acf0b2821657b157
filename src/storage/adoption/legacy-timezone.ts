import { didYouMean } from '../../config/near-matches.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import type { Queryable } from '../database.js';

const OPTION = '`migrate --legacy-timezone ZONE`';

/**
 * The zone's name as the server has it. Only names: PostgreSQL also takes any `ABC+2` as a zone, two hours
 * west of Greenwich, where most people mean east. Rejects with CONFIG_INVALID.
 */
export async function requireTimezone(queryable: Queryable, wanted: string): Promise<string> {
  const { rows } = await queryable.query<{ name: string }>('SELECT name FROM pg_timezone_names');
  const known = rows.find(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
  if (known) return known.name;
  const names = rows.map(({ name }) => name);
  throw new ExchangeSyncError(
    'CONFIG_INVALID',
    `legacyTimezone: "${wanted}" is no time zone that the server knows${didYouMean(wanted, names) || '; name one like Europe/Berlin or UTC'}. Nothing was changed.`,
    { details: { legacyTimezone: wanted } },
  );
}

export function timezoneMissing(tables: readonly string[]): ExchangeSyncError {
  return new ExchangeSyncError(
    'CONFIG_INVALID',
    `The times in ${tables.join(' and ')} have no time zone. Say by ${OPTION} which one the machine had that wrote them, e.g. Europe/Berlin or UTC. Nothing was changed.`,
    { details: { tables } },
  );
}
