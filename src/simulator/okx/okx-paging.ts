import type { Order } from '../world/order.js';
import { OkxError } from './okx-errors.js';

const MOST = 100;

/** One page, newest first. `after` asks for what is older than that id, `before` for what is newer. */
export function page(orders: readonly Order[], query: URLSearchParams): readonly Order[] {
  const limit = Number(query.get('limit') ?? MOST);
  if (!Number.isInteger(limit) || limit < 1) throw new OkxError(51000, 'limit');
  const after = idOf(query, 'after');
  const before = idOf(query, 'before');
  return orders
    .filter(
      ({ id }) =>
        (after === undefined || BigInt(id) < after) && (before === undefined || BigInt(id) > before),
    )
    .toSorted((left, right) => (BigInt(left.id) < BigInt(right.id) ? 1 : -1))
    .slice(0, Math.min(limit, MOST));
}

function idOf(query: URLSearchParams, name: string): bigint | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new OkxError(51000, name);
  return BigInt(text);
}
