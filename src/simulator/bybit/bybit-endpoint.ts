import type { Permission, SimulatedAccount } from '../world/account.js';
import type { MarketKind } from '../world/market.js';
import type { World } from '../world/world.js';
import { BybitError } from './bybit-errors.js';

/** bybit's categories are the world's kinds of markets. */
export type Category = MarketKind;

export const CATEGORIES: readonly Category[] = ['spot', 'linear', 'inverse', 'option'];

export interface PublicContext {
  readonly world: World;
  readonly query: URLSearchParams;
}

export interface PrivateContext extends PublicContext {
  readonly account: SimulatedAccount;
}

/** One row of the API's table: what serves a path, and what it takes to be served. */
export type BybitEndpoint =
  | { readonly access: 'public'; readonly serve: (context: PublicContext) => unknown }
  | {
      readonly access: 'private';
      /** Beyond being able to read at all. */
      readonly permission?: Permission;
      /** Requests per second and account (docs: v5 "Rate Limit Rules"). */
      readonly perSecond: number;
      readonly serve: (context: PrivateContext) => unknown;
    };

export function requiredCategory(
  query: URLSearchParams,
  allowed: readonly Category[] = CATEGORIES,
): Category {
  const category = allowed.find((one) => one === query.get('category'));
  if (category === undefined) throw new BybitError(10001, 'Illegal category');
  return category;
}

/** A page size: out of range is an error where bybit says so, and cut where it does not. */
export function pageLimit(
  query: URLSearchParams,
  { standard, most }: { standard: number; most: number },
): number {
  const text = query.get('limit');
  if (text === null || text === '') return standard;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new BybitError(10001, 'params error: limit is invalid');
  return Math.min(limit, most);
}
