import type { RawFields } from '../profiles/row-conventions.js';
import { type Dictionary, isDictionary } from './answer.js';

/** The row's own field where the profile names one, else ccxt's unified one. */
export function rawField<Field extends string>(
  unified: Dictionary,
  field: Field,
  fields: RawFields<Field>,
): unknown {
  const names = fields[field];
  if (names === undefined) return unified[field];
  const info = isDictionary(unified.info) ? unified.info : {};
  return names
    .map((name) => info[name])
    .find((value) => value !== undefined && value !== null && value !== '');
}
