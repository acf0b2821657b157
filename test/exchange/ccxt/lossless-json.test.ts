import { expect } from 'chai';
import { parseLosslessJson, plainDecimal } from '#src/exchange/ccxt/lossless-json.js';

describe('lossless JSON', () => {
  it('keeps every digit of numbers, wherever they are', () => {
    const text =
      '{"a":0.1234567890123456789,"id": 9007199254740993,"list":[9007199254740993,-1.50],"deep":{"n":[[1e-18]]}}';
    expect(parseLosslessJson(text)).to.deep.equal({
      a: '0.1234567890123456789',
      id: '9007199254740993',
      list: ['9007199254740993', '-1.50'],
      deep: { n: [['0.000000000000000001']] },
    });
  });

  it('leaves strings, their escapes and other values alone', () => {
    const value = {
      text: 'a "quoted":12, \\" and 1e5',
      empty: '',
      yes: true,
      no: false,
      none: null,
      '12': [],
    };
    expect(parseLosslessJson(JSON.stringify(value))).to.deep.equal(value);
  });

  for (const text of ['', '   ', '<html></html>', '{"a":1', '[1,2', '"text"', '12', 'null', '{"a":1}x']) {
    it(`takes ${JSON.stringify(text)} for no answer`, () => {
      expect(parseLosslessJson(text)).to.equal(undefined);
    });
  }
});

describe('plain decimals', () => {
  const cases: [string, string | undefined][] = [
    ['1e-18', '0.000000000000000001'],
    ['1.234567890123456789e-7', '0.0000001234567890123456789'],
    ['1E-10', '0.0000000001'],
    ['-2.50e3', '-2500'],
    ['12.345e1', '123.45'],
    ['1e21', '1000000000000000000000'],
    ['0e-8', '0.00000000'],
    ['0.0012e2', '0.12'],
    ['00', '00'],
    ['1.50', '1.50'],
    ['.5', '0.5'],
    ['+3', '3'],
    ['abc', undefined],
    ['', undefined],
    ['1e999999', undefined],
    ['0x10', undefined],
    ['NaN', undefined],
  ];
  for (const [numeral, plain] of cases) {
    it(`writes ${JSON.stringify(numeral)} as ${plain}`, () => {
      expect(plainDecimal(numeral)).to.equal(plain);
    });
  }
});
