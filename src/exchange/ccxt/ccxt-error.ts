/**
 * The names of an error's classes, most specific first: `['InvalidNonce', 'NetworkError', …]`. By name,
 * because ccxt's ES and CommonJS builds are different classes of the same names.
 */
export function classNames(error: unknown): readonly string[] {
  const names: string[] = [];
  for (let type = Object.getPrototypeOf(Object(error)); type !== null; type = Object.getPrototypeOf(type)) {
    names.push(String(type.constructor?.name));
  }
  return names;
}

export function isCcxtError(error: unknown): error is Error {
  return error instanceof Error && classNames(error).includes('BaseError');
}
