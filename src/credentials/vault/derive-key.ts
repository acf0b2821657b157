import { createSecretKey, type KeyObject, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

/** How a key comes from a master key; stands in the vault's header. */
export interface KeyDerivation {
  readonly name: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Base64 of 16 random bytes or more. */
  readonly salt: string;
}

/** A third of a second and 128 MB on today's machines, for each guess too. */
export const STANDARD_COST = Object.freeze({ N: 2 ** 17, r: 8, p: 1 });

export type ScryptCost = Pick<KeyDerivation, 'N' | 'r' | 'p'>;

const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** What a header may ask of this machine: a changed one must not take all of its memory. */
const LEAST_N = 2 ** 12;
const MOST_N = 2 ** 18;

export function newDerivation(cost: ScryptCost = STANDARD_COST): KeyDerivation {
  return { name: 'scrypt', ...cost, salt: randomBytes(SALT_BYTES).toString('base64') };
}

export function isKeyDerivation(value: unknown): value is KeyDerivation {
  if (typeof value !== 'object' || value === null) return false;
  const { name, N, r, p, salt } = value as Partial<KeyDerivation>;
  const affordable =
    typeof N === 'number' && Number.isInteger(Math.log2(N)) && N >= LEAST_N && N <= MOST_N && r === 8;
  return (
    name === 'scrypt' &&
    affordable &&
    p === 1 &&
    typeof salt === 'string' &&
    Buffer.from(salt, 'base64').length >= SALT_BYTES
  );
}

/** Works in a thread of libuv's pool: the caller's event loop goes on. */
export async function deriveKey(masterKey: Buffer, { N, r, p, salt }: KeyDerivation): Promise<KeyObject> {
  const derive = promisify<Buffer, Buffer, number, object, Buffer>(scrypt);
  // Node's default for maxmem is less than what N = 2^15 takes.
  const key = await derive(masterKey, Buffer.from(salt, 'base64'), KEY_BYTES, {
    ...{ N, r, p },
    maxmem: 256 * N * r,
  });
  return createSecretKey(key);
}
