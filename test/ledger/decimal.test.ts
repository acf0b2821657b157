import { expect } from 'chai';
import fc from 'fast-check';
import { isDecimalString } from '#src/domain/decimal-string.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import {
  add,
  compare,
  divide,
  isNegative,
  isZero,
  multiply,
  negate,
  normalise,
  roundToDigits,
  roundToPlaces,
  subtract,
  sum,
} from '#src/ledger/decimal.js';
import { compareRationals, equal, inverse, plus, rational, roundHalfEven, times } from './rational.js';

const digits = fc.stringMatching(/^\d{1,60}$/);
const plain = fc
  .tuple(fc.constantFrom('', '-'), digits, fc.option(digits))
  .map(([sign, integer, fraction]) => `${sign}${integer}${fraction === null ? '' : `.${fraction}`}`);
const CANONICAL = /^(?:0|-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?)$/;

const minus = (value: string) => ({ ...rational(value), numerator: -rational(value).numerator });

function expectNumber(actual: string, expected: ReturnType<typeof rational>): void {
  expect(actual).to.match(CANONICAL);
  expect(actual).not.to.equal('-0');
  expect(isDecimalString(actual), actual).to.equal(true);
  expect(equal(rational(actual), expected), actual).to.equal(true);
}

describe('decimal', () => {
  describe('exact operations agree with fractions of integers', () => {
    it('add, subtract, multiply and negate', () => {
      fc.assert(
        fc.property(plain, plain, (left, right) => {
          expectNumber(add(left, right), plus(rational(left), rational(right)));
          expectNumber(subtract(left, right), plus(rational(left), minus(right)));
          expectNumber(multiply(left, right), times(rational(left), rational(right)));
          expectNumber(negate(left), minus(left));
        }),
      );
    });

    it('sum, in any order', () => {
      fc.assert(
        fc.property(fc.array(plain, { maxLength: 30 }), (values) => {
          const total = values.map(rational).reduce(plus, rational('0'));
          expectNumber(sum(values), total);
          expect(sum([...values].reverse())).to.equal(sum(values));
        }),
      );
      expect(sum([])).to.equal('0');
    });

    it('compare, isZero and isNegative', () => {
      fc.assert(
        fc.property(plain, plain, (left, right) => {
          expect(compare(left, right)).to.equal(compareRationals(rational(left), rational(right)));
          expect(isZero(left)).to.equal(rational(left).numerator === 0n);
          expect(isNegative(left)).to.equal(rational(left).numerator < 0n);
        }),
      );
      expect(compare('1.0', '001')).to.equal(0);
    });

    it('keeps what a float loses', () => {
      expect(add('0.1', '0.2')).to.equal('0.3');
      expect(add('9007199254740993', '0.000000000000000001')).to.equal('9007199254740993.000000000000000001');
      expect(multiply('123456789.123456789', '0.000000000123456789')).to.equal(
        '0.015241578765432099750190521',
      );
    });

    it('keeps every digit of operands as long as amounts may be', () => {
      const large = `1${'0'.repeat(200)}`;
      const small = `0.${'0'.repeat(200)}1`;
      expect(add(large, small)).to.equal(`${large}.${'0'.repeat(200)}1`);
      expect(subtract(add(large, small), large)).to.equal(small);
      expect(multiply(large, small)).to.equal('0.1');
    });
  });

  describe('divide', () => {
    it('agrees with long division rounded half-even to 34 significant digits', () => {
      fc.assert(
        fc.property(
          plain,
          plain.filter((value) => !/^-?[0.]+$/.test(value)),
          (left, right) => {
            const exact = times(rational(left), inverse(rational(right)));
            expectNumber(divide(left, right), roundHalfEven(exact, 34));
          },
        ),
      );
    });

    it('rounds a tie to the even neighbour', () => {
      const even = `${'2'.repeat(33)}2`;
      const odd = `${'2'.repeat(33)}3`;
      expect(divide(`${even}5`, '10')).to.equal(even);
      expect(divide(`${odd}5`, '10')).to.equal(`${'2'.repeat(33)}4`);
      expect(divide(`${even}5${'0'.repeat(80)}1`, `1${'0'.repeat(82)}`)).to.equal(odd);
    });

    it('refuses to divide by zero', () => {
      expect(() => divide('1', '0.00')).to.throw(ExchangeSyncError, 'cannot divide 1 by zero');
    });
  });

  describe('what is not a plain decimal, or far too long, is refused', () => {
    for (const value of ['', 'NaN', 'Infinity', '1e3', '.5', '1.', '+1', ' 1', '1,000', '0x10', '--1']) {
      it(JSON.stringify(value), () => {
        expect(() => add(value, '1')).to.throw(ExchangeSyncError, 'not a decimal number');
        expect(() => divide('1', value)).to.throw(ExchangeSyncError, 'not a decimal number');
      });
    }

    it('a hostile length, of an operand or a result', () => {
      expect(() => add('9'.repeat(1_000_000), '1')).to.throw(ExchangeSyncError, '2048 characters');
      expect(() => multiply('9'.repeat(2_000), '9'.repeat(2_000))).to.throw(ExchangeSyncError, '2048');
    });
  });

  describe('normalise', () => {
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['1E-10', '0.0000000001'],
      ['.5', '0.5'],
      ['5.', '5'],
      ['007.50', '7.50'],
      ['-007.50', '-7.50'],
      ['+3', '3'],
      ['-.5e1', '-5'],
      ['1.5E+3', '1500'],
      ['1.50000e3', '1500.00'],
      ['12.5e-1', '1.25'],
      ['0', '0'],
      ['-0', '0'],
      ['-0.00', '0.00'],
      ['0E-8', '0.00000000'],
      ['0E-999999999', '0'],
      ['00', '0'],
      ['', undefined],
      ['.', undefined],
      ['-', undefined],
      ['e5', undefined],
      ['1e', undefined],
      ['1e5.0', undefined],
      ['NaN', undefined],
      ['Infinity', undefined],
      ['0x1F', undefined],
      ['1_000', undefined],
      ['1,000.5', undefined],
      [' 1', undefined],
      ['1\n', undefined],
      ['１', undefined],
      ['1e999999999', undefined],
      ['1e-999999999', undefined],
      ['1e9999999999999', undefined],
      ['9'.repeat(257), undefined],
      ['9'.repeat(5_000_000), undefined],
      ['0'.repeat(5_000_000), undefined],
    ];
    for (const [written, expected] of cases) {
      it(`${JSON.stringify(written.slice(0, 24))} -> ${expected}`, () => {
        expect(normalise(written)).to.equal(expected);
      });
    }

    it('loses no digit, whatever the notation', () => {
      fc.assert(
        fc.property(plain, fc.integer({ min: -60, max: 60 }), (value, exponent) => {
          const power = 10n ** BigInt(Math.abs(exponent));
          const factor =
            exponent < 0 ? { numerator: 1n, denominator: power } : { numerator: power, denominator: 1n };
          const normal = normalise(`${value}e${exponent}`);
          expect(isDecimalString(normal), normal).to.equal(true);
          expect(equal(rational(normal ?? ''), times(rational(value), factor))).to.equal(true);
        }),
      );
    });

    it('is the identity on what it gave', () => {
      fc.assert(
        fc.property(plain, (value) => {
          const once = normalise(value) ?? '';
          expect(normalise(once)).to.equal(once);
          expect(once).to.match(/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/);
        }),
      );
    });
  });

  describe('rounding for people', () => {
    const places: readonly [string, number, string][] = [
      ['58372.01397025', 2, '58372.01'],
      ['0.125', 2, '0.12'],
      ['0.135', 2, '0.14'],
      ['-1.005', 2, '-1.00'],
      ['7', 2, '7.00'],
    ];
    for (const [value, digits, rounded] of places) {
      it(`${value} to ${digits} places is ${rounded}`, () => {
        expect(roundToPlaces(value, digits)).to.equal(rounded);
      });
    }
    const significant: readonly [string, number, string][] = [
      ['1.099505222649807586586036283672347', 8, '1.0995052'],
      ['0.000010285', 4, '0.00001028'],
      ['61959.5', 8, '61959.5'],
      ['123456789012', 3, '123000000000'],
    ];
    for (const [value, digits, rounded] of significant) {
      it(`${value} to ${digits} digits is ${rounded}`, () => {
        expect(roundToDigits(value, digits)).to.equal(rounded);
      });
    }
  });
});
