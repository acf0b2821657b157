import Type, { type TSchema } from 'typebox';

/** The schema of each field of a view: one that is missing, or no longer exists, does not compile. */
export type ViewProperties<View> = { readonly [Field in keyof Required<View>]: TSchema };

/** ISO 8601, UTC. */
export const time = Type.String({ format: 'date-time' });

/** Exact; never a JSON number, which would be a float at the reader's. */
export const decimal = Type.String({ description: 'An exact decimal number.' });

/** As JSON Schema's list of types, which serialises faster than `anyOf`. null is unknown. */
export const stringOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'] });
export const timeOrNull = Type.Unsafe<string | null>({ type: ['string', 'null'], format: 'date-time' });
export const decimalOrNull = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  description: 'An exact decimal number; null is unknown.',
});

export const count = Type.Integer({ minimum: 0 });
export const countOrNull = Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 0 });
