import { expect } from 'chai';
import { systemClock } from '#src/domain/clock.js';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { exchangeReaders } from '#src/exchange/exchange-readers.js';
import { type Simulator, type SimulatorOptions, startSimulator } from '#src/simulator/simulator.js';
import { silentLogger } from '../support/silent-logger.js';
import { readContext, rejection } from './support/managed.js';

const MAIN = { exchange: 'bybit', account: 'main' };
const MINUTE = 60_000;

/** The simulator checks signatures, timestamps, keys and limits as the exchange does. */
describe('a simulated bybit', () => {
  let simulator: Simulator;
  let manager: ExchangeManager;
  let events: string[];

  async function start(options: SimulatorOptions = {}, secret?: string): Promise<AccountClient> {
    simulator = await startSimulator(options);
    events = [];
    manager = new ExchangeManager({
      settings: [
        {
          id: 'bybit',
          connection: { testnet: false, proxyUrl: simulator.proxyUrl('bybit') },
          accountConnections: {},
        },
      ],
      credentials: {
        resolve: async ({ account }) => {
          const known = simulator.accounts.find((one) => one.exchange === 'bybit' && one.account === account);
          const credentials = { ...known!.credentials, ...(secret === undefined ? {} : { secret }) };
          return { credentials, source: 'simulator' };
        },
      },
      readers: exchangeReaders,
      clock: systemClock,
      logger: silentLogger,
      emit: (name) => events.push(name),
      random: () => 0,
    });
    return manager.account(MAIN, readContext());
  }

  afterEach(async () => {
    await manager.close();
    await simulator.stop();
  });

  const balances = (client: AccountClient, context = readContext()) =>
    client.readBalances('wallet=UNIFIED', context);

  it('is read although its clock is half a minute ahead', async () => {
    const client = await start({ clockOffsetMs: MINUTE / 2 });
    expect((await balances(client)).records).to.not.have.lengthOf(0);
  });

  it('is read on when the clocks drift apart later', async () => {
    const client = await start();
    await balances(client);
    simulator.setClockOffset(-MINUTE);
    expect((await balances(client)).records).to.not.have.lengthOf(0);
  });

  it('takes one request for a scope when markets and time are known', async () => {
    const client = await start();
    await balances(client);
    const context = readContext();
    await balances(client, context);
    expect(context.meter.requests).to.equal(1);
  });

  it('refuses a wrong secret, and the error does not repeat the key that bybit repeats', async () => {
    const client = await start({}, 'SECRET-canary');
    const error = await rejection(balances(client));
    expect(error).to.include({ code: 'AUTHENTICATION_FAILED' });
    expect(error.message).to.not.include(simulator.accounts[0]!.credentials.apiKey).and.not.include('canary');
    expect(await rejection(balances(client))).to.include({ code: 'ACCOUNT_SUSPENDED' });
    expect(events).to.deep.equal(['account:suspended']);
  });

  it('leaves a blocked address alone after one refusal', async () => {
    const client = await start({ rateLimits: { bybitIpRequests: 15 } });
    const errors: unknown[] = [];
    for (let count = 0; count < 20; count += 1) {
      await balances(client).catch((error: unknown) => errors.push(error));
    }
    const refused = simulator.requests.counts().map(({ statuses }) => statuses['403'] ?? 0);
    expect(refused.reduce((sum, count) => sum + count, 0)).to.equal(1);
    expect(errors.at(-1)).to.include({ code: 'BANNED' });
  });
});
