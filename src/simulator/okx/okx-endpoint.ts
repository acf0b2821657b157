import type { Permission, SimulatedAccount } from '../world/account.js';
import type { Market } from '../world/market.js';
import type { World } from '../world/world.js';
import { OkxError } from './okx-errors.js';

export interface PublicContext {
  readonly world: World;
  readonly query: URLSearchParams;
}

export interface PrivateContext extends PublicContext {
  readonly account: SimulatedAccount;
}

/** One row of the API's table. Every answer is a list. */
export type OkxEndpoint =
  | {
      readonly access: 'public';
      /** Requests per IP address in `windowMs`, two seconds where it is left out. */
      readonly limit: number;
      readonly serve: (context: PublicContext) => readonly unknown[];
    }
  | {
      readonly access: 'private';
      readonly permission?: Permission;
      /** Requests per user in `windowMs`, two seconds where it is left out. */
      readonly limit: number;
      readonly windowMs?: number;
      readonly serve: (context: PrivateContext) => readonly unknown[];
    };

export const INSTRUMENT_TYPES = ['SPOT', 'MARGIN', 'SWAP', 'FUTURES', 'OPTION'] as const;
export type InstrumentType = (typeof INSTRUMENT_TYPES)[number];

/** Nothing here is traded on spot margin: no market, order or position is of the type MARGIN. */
export function instrumentType({ kind, expiryMs }: Market): InstrumentType {
  if (kind === 'spot') return 'SPOT';
  if (kind === 'option') return 'OPTION';
  return expiryMs === undefined ? 'SWAP' : 'FUTURES';
}

/** Undefined where the parameter is not there. */
export function wantedType(query: URLSearchParams): InstrumentType | undefined {
  const wanted = query.get('instType');
  if (wanted === null || wanted === '') return undefined;
  const found = INSTRUMENT_TYPES.find((type) => type === wanted);
  if (found === undefined) throw new OkxError(51000, 'instType');
  return found;
}

export function requiredType(query: URLSearchParams): InstrumentType {
  const type = wantedType(query);
  if (type === undefined) throw new OkxError(50014, 'instType');
  return type;
}

export function okxMarketsOf(world: World, type: InstrumentType): readonly Market[] {
  return world.listedMarkets('okx').filter((market) => instrumentType(market) === type);
}
