/** A JSON string (kept as it is) or a number outside of strings. */
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

const NUMERAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** An exponent this large writes no amount; expanding it would only fill the memory. */
const LARGEST_EXPONENT = 400;

/**
 * Parses an exchange's answer with every number as a string of its own digits: a double would cut decimals
 * after 17 digits and ids above 2^53. Only an object or a list is an answer; anything else (HTML, an empty or
 * truncated body, a bare value) gives `undefined`.
 */
export function parseLosslessJson(text: string): object | undefined {
  if (text[0] !== '{' && text[0] !== '[') return undefined;
  try {
    return JSON.parse(text.replace(STRING_OR_NUMBER, quoteNumber)) as object;
  } catch {
    // Not JSON. What that means is said by whoever knows the status of the answer.
    return undefined;
  }
}

function quoteNumber(token: string): string {
  if (token[0] === '"') return token;
  return `"${plainDecimal(token) ?? token}"`;
}

/** `'1.5e-7'` as `'0.00000015'`, digit for digit; `undefined` where it is no number. */
export function plainDecimal(numeral: string): string | undefined {
  const match = NUMERAL.exec(numeral);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const minus = sign === '-' ? '-' : '';
  if (exponent === '0') return `${minus}${whole || '0'}${fraction === '' ? '' : `.${fraction}`}`;
  const shift = Number(exponent);
  if (Math.abs(shift) > LARGEST_EXPONENT) return undefined;
  return minus + shiftPoint(whole, fraction, shift);
}

function shiftPoint(whole: string, fraction: string, shift: number): string {
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = digits.padStart(digits.length + Math.max(0, 1 - point), '0').padEnd(point, '0');
  const split = Math.max(1, point);
  const newWhole = padded.slice(0, split).replace(/^0+(?=\d)/, '');
  const newFraction = padded.slice(split);
  return newFraction === '' ? newWhole : `${newWhole}.${newFraction}`;
}
