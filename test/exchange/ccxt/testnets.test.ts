import { expect } from 'chai';
import { Agent } from 'undici';
import { systemClock } from '#src/domain/clock.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { EXCHANGE_DIRECTORY } from '#src/domain/exchange-directory.js';
import { createExchange } from '#src/exchange/ccxt/create-exchange.js';
import { loadExchangeClass } from '#src/exchange/ccxt/exchange-class.js';
import type { RawExchange } from '#src/exchange/ccxt/raw-exchange.js';
import { profileOf } from '#src/exchange/profiles/index-of-profiles.js';

/** The settings are checked by the directory and the client is made by this: one answer for both. */
describe('a testnet', () => {
  const dispatcher = new Agent();
  after(() => dispatcher.destroy());

  async function create(id: string): Promise<RawExchange> {
    const Class = await loadExchangeClass(id);
    return createExchange(Class, {
      profile: profileOf(id, () => new Class({})),
      connection: { testnet: true },
      transport: { dispatcher, clock: systemClock, timeoutMs: 1_000 },
      limiter: { acquire: async () => undefined, observe: () => undefined },
    });
  }

  async function refusal(id: string): Promise<unknown> {
    try {
      await create(id);
    } catch (error: unknown) {
      if (error instanceof ExchangeSyncError) return error.code;
      throw error;
    }
    return undefined;
  }

  it('is there for exactly the exchanges of which the directory says so', async () => {
    const differing: string[] = [];
    for (const [id, { testnet }] of Object.entries(EXCHANGE_DIRECTORY)) {
      if ((await refusal(id)) !== (testnet ? undefined : 'TESTNET_UNAVAILABLE')) differing.push(id);
    }
    expect(Object.keys(EXCHANGE_DIRECTORY).length).to.be.greaterThan(90);
    expect(differing).to.deep.equal([]);
  }).timeout(30_000);

  it('is never the host of another company', async () => {
    expect(await refusal('blockchaincom')).to.equal('TESTNET_UNAVAILABLE');
  });

  it('of okx is marked on every request, because its host is the real one', async () => {
    const okx = await create('okx');
    expect((okx as unknown as { headers: object }).headers).to.deep.equal({ 'x-simulated-trading': '1' });
  });
});
