/** What a market list is of: markets of a testnet are others than those of the mainnet. */
export interface MarketListKey {
  readonly exchange: string;
  readonly environment: 'mainnet' | 'testnet';
  readonly ccxtVersion: string;
}

/** Markets and currencies as ccxt parsed them; plain JSON. */
export interface MarketList {
  readonly markets: readonly unknown[];
  readonly currencies: unknown;
  readonly fetchedAtMs: number;
}

/** Keeps market lists over a restart. */
export interface MarketStore {
  /** Undefined: there is none of this key. */
  load(key: MarketListKey): Promise<MarketList | undefined>;
  save(key: MarketListKey, list: MarketList): Promise<void>;
}
