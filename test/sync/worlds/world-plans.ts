import fc from 'fast-check';
import type { Fault } from '#src/simulator/http/faults.js';
import { demoPlan } from '#src/simulator/world/presets/demo.js';
import type { AccountPlan, WorldPlan } from '#src/simulator/world/world-plan.js';

/** What happens to a world between two syncs, and while the second one runs. */
export interface Round {
  readonly steps: number;
  /** Takes an open order out of the world, as if the exchange had lost it. */
  readonly loses: boolean;
  /** Spot markets that have no price at all. */
  readonly unpriced: readonly string[];
  /** Whether people trade on while the sync runs. */
  readonly moves: boolean;
  readonly faults: readonly Fault[];
}

export interface Scenario {
  readonly seed: string;
  readonly plan: (startMs: number) => WorldPlan;
  readonly rounds: readonly Round[];
}

const LISTS: readonly Fault['match'][] = [
  { path: '/v5/account/wallet-balance' },
  { path: '/v5/asset/transfer/query-account-coins-balance' },
  ...['USDT', 'USDC'].map((settleCoin) => ({ path: '/v5/position/list', query: { settleCoin } })),
  { path: '/v5/position/list', query: { category: 'inverse' } },
  ...['Order', 'StopOrder'].map((orderFilter) => ({ path: '/v5/order/realtime', query: { orderFilter } })),
  { path: '/v5/order/realtime', account: 'sub1' },
  { path: '/v5/order/history' },
  { path: '/v5/market/tickers' },
  ...['/api/v3/account', '/sapi/v1/asset/get-funding-asset', '/fapi/v3/account', '/dapi/v1/account'].map(
    path,
  ),
  ...['/fapi/v3/positionRisk', '/dapi/v1/positionRisk', '/api/v3/ticker/24hr'].map(path),
  ...['/api/v3/openOrders', '/fapi/v1/openOrders', '/fapi/v1/openAlgoOrders', '/dapi/v1/openOrders'].map(
    path,
  ),
  ...['/api/v3/allOrders', '/fapi/v1/allOrders', '/api/v3/order', '/fapi/v1/order'].map(path),
];

function path(name: string): Fault['match'] {
  return { path: name };
}

const EFFECTS: readonly Fault['effect'][] = [
  { kind: 'html' },
  { kind: 'truncated' },
  { kind: 'empty' },
  { kind: 'stall' },
  { kind: 'reset' },
  { kind: 'reset', during: 'body' },
  { kind: 'respond', status: 200, body: 'null' },
  { kind: 'respond', status: 200, body: '{}' },
  { kind: 'respond', status: 200, body: '{"retCode":0,"retMsg":"OK","result":{}}' },
  { kind: 'respond', status: 200, body: '{"retCode":10016,"retMsg":"restarting","result":{"list":[]}}' },
  { kind: 'respond', status: 503, body: '' },
];

const fault: fc.Arbitrary<Fault> = fc.record({
  match: fc.constantFrom(...LISTS),
  effect: fc.constantFrom(...EFFECTS),
  // Once is mended by a retry; five times are not.
  times: fc.constantFrom(1, 5),
});

const round: fc.Arbitrary<Round> = fc.record({
  steps: fc.integer({ min: 0, max: 2 }),
  loses: fc.boolean(),
  unpriced: fc.subarray(['ADA/USDT', 'BTC/USDT', 'ETH/BTC', 'XRP/USDT']),
  moves: fc.boolean(),
  faults: fc.array(fault, { minLength: 4, maxLength: 12 }),
});

const QUIET: Round = { steps: 0, loses: false, unpriced: [], moves: false, faults: [] };

/** Parts of the demo's accounts, which have every kind of row. */
function accountOf(whole: AccountPlan): fc.Arbitrary<AccountPlan> {
  const some = <T>(items: readonly T[] = []) =>
    fc.subarray([...items], { minLength: Math.ceil(items.length / 2) });
  return fc
    .record({ positions: some(whole.positions), orders: some(whole.orders), sellOut: some(whole.sellOut) })
    .map((parts) => ({ ...whole, ...parts }));
}

export function scenarios(): fc.Arbitrary<Scenario> {
  // The plan's only use of its start is the name of the option, which is the same for all worlds of one day.
  const nowMs = Date.now();
  const accounts = demoPlan(nowMs - 9 * 24 * 60 * 60_000).accounts.map(accountOf);
  return fc
    .record({
      seed: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' }),
      accounts: fc.tuple(...accounts),
      // Most often there is something to lose before anything goes wrong.
      first: fc.oneof({ weight: 3, arbitrary: fc.constant(QUIET) }, { weight: 1, arbitrary: round }),
      rounds: fc.array(round, { minLength: 2, maxLength: 2 }),
    })
    .map(({ seed, accounts: some, first, rounds }) => ({
      seed,
      plan: () => ({ accounts: some }),
      rounds: [first, ...rounds],
    }));
}
