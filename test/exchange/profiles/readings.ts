import type { AccountClient } from '#src/exchange/exchange-client.js';
import { readContext } from '../readers/passing-session.js';

/** One read of one scope, of whichever account it is given. */
export type Read = (account: AccountClient) => Promise<unknown>;

export const balances =
  (scope: string): Read =>
  (account) =>
    account.readBalances(scope, readContext());

export const positions =
  (scope: string): Read =>
  (account) =>
    account.readPositions(scope, readContext());

export const open =
  (scope: string): Read =>
  (account) =>
    account.readOpenOrders(scope, readContext());

/** `symbols`: for exchanges that want one per request. */
export const recent =
  (scope: string, symbols: readonly string[] = []): Read =>
  (account) =>
    account.readRecentOrders(scope, symbols, readContext());
