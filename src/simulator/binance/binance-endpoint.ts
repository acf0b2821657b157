import type { Permission, SimulatedAccount } from '../world/account.js';
import { padded } from '../world/amounts.js';
import type { Market, MarketKind } from '../world/market.js';
import type { World } from '../world/world.js';
import { BinanceError, missingParameter } from './binance-errors.js';

export interface PublicContext {
  readonly world: World;
  readonly query: URLSearchParams;
}

export interface PrivateContext extends PublicContext {
  readonly account: SimulatedAccount;
}

/** What a request counts against its host's limit; without a symbol some count more, some by account. */
export type Weight = number | { readonly one: number; readonly all: number } | { readonly uid: number };

/** One row of the API's table: what serves a path, and what it takes to be served. */
export type BinanceEndpoint =
  | {
      readonly access: 'public';
      readonly weight: Weight;
      readonly serve: (context: PublicContext) => unknown;
    }
  | {
      readonly access: 'private';
      readonly weight: Weight;
      readonly permission?: Permission;
      readonly serve: (context: PrivateContext) => unknown;
    };

/** Amounts have eight decimals nearly everywhere. */
export function money(value: string): string {
  return padded(value, 8);
}

export function marketNamed(world: World, kind: MarketKind, id: string): Market {
  const market = world.marketsOf('binance', kind).find((one) => one.id === id);
  if (market === undefined) throw new BinanceError('-1121');
  return market;
}

export function requiredMarket({ world, query }: PublicContext, kind: MarketKind): Market {
  return marketNamed(world, kind, required(query, 'symbol'));
}

/** The market that `symbol` names, or all of that kind. */
export function askedMarkets({ world, query }: PublicContext, kind: MarketKind): readonly Market[] {
  const id = query.get('symbol');
  return id === null ? world.marketsOf('binance', kind) : [marketNamed(world, kind, id)];
}

export function required(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw missingParameter(name);
  return value;
}
