import { expect } from 'chai';
import type { BalanceRecord } from '#src/domain/records.js';
import type { ScopeRead } from '#src/domain/scope-read.js';
import type { AccountClient, ExchangeClients } from '#src/exchange/exchange-client.js';
import { createRepositories } from '#src/storage/repositories.js';
import { balancesSync } from '#src/sync/balances-sync.js';
import { balance } from '../storage/records.js';
import { useTestDatabase } from '../support/postgres.js';
import { syncRun } from './fakes/sync-run.js';

const OURS_MS = Date.UTC(2026, 0, 1, 10);
/** Our clock is so much ahead of the exchange's. */
const AHEAD_MS = 4000;

type Answer = Partial<ScopeRead<BalanceRecord>> | Error;

describe('what balances leave for the proof', () => {
  const test = useTestDatabase();
  const { account } = syncRun();

  /** One wallet after the other, each a second after the one before. */
  async function sync(wallets: Readonly<Record<string, Answer>>) {
    let nowMs = OURS_MS;
    const client: Partial<AccountClient> = {
      balanceScopes: () => Object.keys(wallets),
      exchangeTimeMs: () => nowMs - AHEAD_MS,
      readBalances: async (scope) => {
        const requestedAtMs = nowMs;
        nowMs += 1000;
        const answer = wallets[scope];
        if (answer instanceof Error) throw answer;
        return { scope, records: [], rejected: [], pages: 1, requestedAtMs, ...answer };
      },
    };
    const { balances: table, observations } = createRepositories(test);
    const clients = { account: async () => client } as unknown as ExchangeClients;
    const strategy = balancesSync({
      clients,
      database: test.database,
      table,
      observations,
      now: () => nowMs,
    });
    return strategy.prepare(syncRun());
  }
  const write = async (wallets: Readonly<Record<string, Answer>>) => {
    const { write: written } = await sync(wallets);
    await test.database.transaction(written);
  };
  const observed = () => createRepositories(test).observations.list(test.database, account);

  const unified = {
    records: [balance({ total: '1.5' }), balance({ currency: 'USDT', total: '-20.000000000000000001' })],
  };
  const funding = { records: [balance({ wallet: 'FUND', currency: 'USDT', total: '100' })] };

  it('is the sum over all wallets, from the first request to the last answer by the clock of the exchange', async () => {
    await write({ UNIFIED: unified, FUND: funding });
    expect(await observed()).to.deep.equal([
      {
        observedFromMs: OURS_MS - AHEAD_MS,
        observedToMs: OURS_MS + 2000 - AHEAD_MS,
        quantities: new Map([
          ['BTC', '1.5'],
          ['USDT', '79.999999999999999999'],
        ]),
      },
    ]);
  });

  it('is also that an account holds nothing', async () => {
    await write({ UNIFIED: {}, FUND: {} });
    expect((await observed()).map(({ quantities }) => quantities)).to.deep.equal([new Map()]);
  });

  it('is nothing where a wallet could not be read, or a row of it was set aside', async () => {
    await write({ UNIFIED: unified, FUND: new Error('down') });
    await write({
      UNIFIED: unified,
      FUND: { ...funding, rejected: [{ row: 'balance of X', reason: 'total' }] },
    });
    expect(await observed()).to.deep.equal([]);
  });

  it('comes with the rows or not at all', async () => {
    const { write: written } = await sync({ UNIFIED: unified });
    const rolledBack = test.database.transaction(async (tx) => {
      await written(tx);
      throw new Error('no commit');
    });
    await rolledBack.catch(() => undefined);
    expect(await observed()).to.deep.equal([]);
  });

  it('is not kept for ever: what no history catches up with is the oldest and the newest', async () => {
    for (let round = 1; round <= 7; round += 1) {
      const { observations } = createRepositories(test);
      await test.database.transaction(async (tx) => {
        const atMs = OURS_MS - (10 - round) * 60_000;
        const read = { observedFromMs: atMs, observedToMs: atMs, quantities: new Map() };
        await observations.record(tx, account, read);
      });
    }
    await write({ UNIFIED: unified });
    const minutes = (await observed()).map(
      ({ observedToMs }) => Math.round((observedToMs - OURS_MS) / 60_000) + 0,
    );
    expect(minutes).to.deep.equal([-9, -8, -3, 0]);
  });
});
