import Type from 'typebox';

/** ccxt's id of an exchange, and the name of an account of it. */
export const name = Type.String({ minLength: 1, maxLength: 64, pattern: '^[^/]*$' });

export const accountQuery = { exchange: Type.Optional(name), account: Type.Optional(name) };
