import type { HistoryScopeProfile } from '../../profiles/history-scopes.js';
import { type Dictionary, isDictionary } from '../answer.js';

/** What a row is known by within its list; undefined where the exchange does not say it. */
export function idOf(fields: Dictionary, { idFields }: Pick<HistoryScopeProfile, 'idFields'>): unknown {
  if (idFields === undefined) return fields.id;
  const info = isDictionary(fields.info) ? fields.info : {};
  const parts = idFields.map((name) => info[name]);
  const isSaid = parts.every((part) => part !== undefined && part !== null && part !== '');
  return isSaid ? parts.map(String).join(':') : undefined;
}
