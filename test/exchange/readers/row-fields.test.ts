import { expect } from 'chai';
import type { z } from 'zod';
import {
  decimal,
  decimalOrNone,
  decimalOrUnknown,
  text,
  textOrUnknown,
  timestampOrUnknown,
} from '#src/exchange/readers/row-fields.js';

describe('a field of a row', () => {
  /** The value, or `refused: ` and why. */
  const read = (schema: z.ZodType, value: unknown) => {
    const { success, data, error } = schema.safeParse(value);
    return success ? data : `refused: ${error?.issues[0]?.message}`;
  };
  const refuses = (schema: z.ZodType, value: unknown) => String(read(schema, value)).startsWith('refused: ');

  it('that is a number keeps every digit', () => {
    const cases = {
      '1E-10': '0.0000000001',
      '-0.00': '0.00',
      '1.50': '1.50',
      '+7': '7',
      '123456789012345678901234567890.123456789': '123456789012345678901234567890.123456789',
    };
    for (const [sent, decimal] of Object.entries(cases)) expect(read(decimalOrUnknown, sent)).equal(decimal);
    expect(read(decimalOrUnknown, 42)).equal('42');
  });

  it('that is not said is unknown, and never zero', () => {
    for (const nothing of [undefined, null, '']) {
      expect(read(decimalOrUnknown, nothing)).equal(undefined);
      expect(read(textOrUnknown, nothing)).equal(undefined);
      expect(read(timestampOrUnknown, nothing)).equal(undefined);
      expect(refuses(decimal, nothing), 'required').equal(true);
    }
    expect(read(decimalOrUnknown, '0')).equal('0');
    expect(read(decimalOrNone, '0.000')).equal(undefined);
  });

  it('that is no number is refused, and so is one that was a float', () => {
    for (const sent of [
      'abc',
      'NaN',
      Number.NaN,
      'Infinity',
      Number.POSITIVE_INFINITY,
      '1,000',
      '0x1',
      {},
      true,
      0.1,
    ]) {
      expect(refuses(decimalOrUnknown, sent), String(sent)).equal(true);
    }
    expect(read(decimalOrUnknown, 'abc')).equal('refused: "abc" is not a decimal number');
    expect(refuses(decimalOrUnknown, 2 ** 53), '2^53').equal(true);
  });

  it('that names something fits into an index', () => {
    expect(read(text, 'BTC')).equal('BTC');
    expect(read(text, '😀')).equal('😀');
    expect(read(text, 'x'.repeat(200))).length(200);
    for (const sent of ['', '  ', 'a\0b', 'x'.repeat(201), 'a\ud83d', '\ude00', 5, undefined]) {
      expect(refuses(text, sent), String(sent)).equal(true);
    }
    expect(refuses(textOrUnknown, 'a\0b')).equal(true);
  });

  it('that is a time is one in milliseconds', () => {
    expect(read(timestampOrUnknown, 1758190052000)).equal(1758190052000);
    expect(read(timestampOrUnknown, '1758190052000')).equal(1758190052000);
    expect(read(timestampOrUnknown, 0)).equal(undefined);
    for (const sent of [1758190052, 1758190052000000, 1.5, -1, 'today', Number.NaN]) {
      expect(refuses(timestampOrUnknown, sent), String(sent)).equal(true);
    }
  });
});
