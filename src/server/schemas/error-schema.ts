import Type, { type Static } from 'typebox';

/** Every answer that is not a success. */
export const errorSchema = Type.Object({
  code: Type.String({ description: 'Stable; docs/errors.md lists them.' }),
  message: Type.String({ description: 'For a person, with the remedy.' }),
  details: Type.Optional(
    Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object', additionalProperties: true }),
  ),
});

export type ErrorAnswer = Static<typeof errorSchema>;

/** For the `response` of every route. */
export const errorResponses = { '4xx': errorSchema, '5xx': errorSchema } as const;
