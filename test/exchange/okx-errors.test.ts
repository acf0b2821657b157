import { expect } from 'chai';
import type { ErrorCode } from '#src/domain/errors.js';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { okxPlan } from '#src/simulator/world/presets/okx.js';
import { readContext, rejection } from './support/managed.js';
import { simulatedManager } from './support/simulated-manager.js';

type Row = [
  code: string,
  status: number,
  means: ErrorCode,
  suspends: 'account' | 'scope' | 'nothing',
  advice?: RegExp,
];

const KEY_IS_BAD = 'AUTHENTICATION_FAILED';

/** With the HTTP statuses of okx's documentation; ccxt takes half of them for plain errors. */
const ERRORS: Row[] = [
  ['50001', 503, 'EXCHANGE_UNAVAILABLE', 'nothing'],
  ['50004', 400, 'EXCHANGE_TIMEOUT', 'nothing'],
  ['50005', 410, 'EXCHANGE_UNAVAILABLE', 'nothing'],
  ['50007', 200, 'PERMISSION_DENIED', 'account', /support/],
  ['50011', 429, 'RATE_LIMITED', 'nothing'],
  ['50013', 429, 'EXCHANGE_UNAVAILABLE', 'nothing'],
  ['50026', 500, 'EXCHANGE_UNAVAILABLE', 'nothing'],
  ['50030', 200, 'PERMISSION_DENIED', 'scope'],
  ['50035', 403, 'PERMISSION_DENIED', 'scope', /bind it/],
  ['50061', 200, 'RATE_LIMITED', 'nothing'],
  ['50100', 400, KEY_IS_BAD, 'account', /frozen/],
  ['50101', 401, KEY_IS_BAD, 'account', /OKX_TESTNET/],
  ['50102', 401, 'CLOCK_SKEW', 'nothing', /NTP/],
  ['50103', 401, KEY_IS_BAD, 'account'],
  ['50104', 401, KEY_IS_BAD, 'account', /OKX_API_PASSWORD/],
  ['50105', 401, KEY_IS_BAD, 'account', /OKX_API_PASSWORD/],
  ['50106', 401, KEY_IS_BAD, 'account'],
  ['50107', 401, KEY_IS_BAD, 'account'],
  ['50110', 401, 'PERMISSION_DENIED', 'account', /IP address/],
  ['50111', 401, KEY_IS_BAD, 'account'],
  ['50112', 401, 'CLOCK_SKEW', 'nothing'],
  ['50113', 401, KEY_IS_BAD, 'account', /OKX_API_SECRET/],
  ['50114', 401, KEY_IS_BAD, 'account'],
  ['50119', 200, KEY_IS_BAD, 'account', /14 days/],
  ['50120', 401, 'PERMISSION_DENIED', 'scope', /Read/],
  ['50121', 200, 'PERMISSION_DENIED', 'account', /IP address/],
  ['50124', 200, 'PERMISSION_DENIED', 'account', /myokx/],
  ['51010', 200, 'PERMISSION_DENIED', 'scope', /mode/],
];

describe("okx's error codes", () => {
  let simulator: Simulator;

  before(async () => {
    simulator = await startSimulator({
      seed: 'okx errors',
      plan: okxPlan,
      rateLimits: { okxRequests: 10_000 },
    });
  });

  after(() => simulator.stop());

  for (const [code, status, means, suspends, advice] of ERRORS) {
    it(`${code} is ${means} and suspends ${suspends}`, async () => {
      const manager = simulatedManager({ simulator, exchange: 'okx', callDeadlineMs: 4_000 });
      try {
        const client = await manager.account({ exchange: 'okx', account: 'main' }, readContext());
        const match = { path: '/account/balance' };
        simulator.faults.add({ match, effect: { kind: 'code', code, status, message: 'as okx says it' } });
        const error = await rejection(client.readBalances('wallet=TRADING', readContext()));
        simulator.faults.clear();
        expect(error).to.include({ code: means });
        expect(error.details).to.include({ exchangeCode: code });
        expect(error.message)
          .to.include('as okx says it')
          .and.match(advice ?? /./);
        const { suspensions } = manager.guardSnapshot();
        const targets = Object.keys(suspensions);
        expect(targets).to.have.lengthOf(suspends === 'nothing' ? 0 : 1);
        expect(targets.includes('okx/main')).to.equal(suspends === 'account');
      } finally {
        simulator.faults.clear();
        await manager.close();
      }
    });
  }

  const READS: Record<string, (client: AccountClient) => Promise<unknown>> = {
    'trading balances': (client) => client.readBalances('wallet=TRADING', readContext()),
    'funding balances': (client) => client.readBalances('wallet=FUNDING', readContext()),
    positions: (client) => client.readPositions('all', readContext()),
    'open orders': (client) => client.readOpenOrders('SPOT', readContext()),
    'algo orders': (client) => client.readOpenOrders('algo:trigger', readContext()),
    'recent orders': (client) => client.readRecentOrders('recent:SPOT', [], readContext()),
  };
  for (const [what, read] of Object.entries(READS)) {
    it(`are not needed to see that an answer has no list: ${what} are unknown then, and not none`, async () => {
      const manager = simulatedManager({ simulator, exchange: 'okx', callDeadlineMs: 4_000 });
      try {
        const client = await manager.account({ exchange: 'okx', account: 'main' }, readContext());
        const body = JSON.stringify({ code: '0', msg: '' });
        const match = { path: '/api/v5/', account: 'main' };
        simulator.faults.add({ match, effect: { kind: 'respond', status: 200, body } });
        expect(await rejection(read(client))).to.include({ code: 'EXCHANGE_BAD_RESPONSE' });
      } finally {
        simulator.faults.clear();
        await manager.close();
      }
    });
  }
});
