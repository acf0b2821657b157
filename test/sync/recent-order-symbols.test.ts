import { expect } from 'chai';
import { recentOrderSymbols } from '#src/sync/recent-order-symbols.js';
import { noDatabase } from './fakes/memory-table.js';
import { syncRun } from './fakes/sync-run.js';

const NOW = Date.UTC(2026, 0, 10);
const HOUR = 3_600_000;
const MANY = Array.from({ length: 120 }, (_, index) => `C${index}/USDT`);

function ask(
  known: readonly string[],
  facts: { readHoursAgo?: number; changed?: Record<string, number>; needed?: readonly string[] },
) {
  const { readHoursAgo, changed = {}, needed = [] } = facts;
  const { account } = syncRun();
  const scope = {
    ...{ ...account, dataType: 'orders' as const, scope: 'recent:spot', lastAttemptAtMs: undefined },
    ...{ errorCode: undefined, wanted: undefined, nextLossAtMs: undefined },
    lastCompleteAtMs: readHoursAgo === undefined ? undefined : NOW - readHoursAgo * HOUR,
  };
  return recentOrderSymbols(
    {
      database: noDatabase,
      balances: { changedAt: async () => new Map(Object.entries(changed)) },
      scopes: { list: async () => [scope] },
      now: () => NOW,
    },
    account,
    'recent:spot',
    { known, needed: new Set(needed) },
  );
}

describe('which symbols are asked for recent orders', () => {
  it('are all of a few, and all where nothing was read before', async () => {
    expect(await ask(MANY.slice(0, 9), { readHoursAgo: 0.5, needed: ['BTC/USDT'] })).to.deep.equal(
      [...MANY.slice(0, 9), 'BTC/USDT'].sort(),
    );
    expect(await ask(MANY, {})).to.have.length(120);
  });

  it('are of many those that have or had open orders, or whose base changed, and a share in turn', async () => {
    const quiet = await ask(MANY, { readHoursAgo: 0.5 });
    expect(quiet.length).to.be.below(20);
    const facts = { readHoursAgo: 0.5, changed: { USDT: NOW, C7: NOW }, needed: ['C9/USDT'] };
    const asked = await ask(MANY, facts);
    expect(asked).to.deep.equal([...new Set([...quiet, 'C7/USDT', 'C9/USDT'])].sort());
  });

  it('are contracts when what they are settled in has changed', async () => {
    const contracts = MANY.map((symbol) => `${symbol}:USDT`);
    expect(await ask(contracts, { readHoursAgo: 0.5, changed: { USDT: NOW } })).to.have.length(120);
    expect((await ask(contracts, { readHoursAgo: 0.5, changed: { C7: NOW } })).length).to.be.below(20);
  });

  it('are all within half of the time that the list reaches back', async () => {
    expect(await ask(MANY, { readHoursAgo: 12 })).to.have.length(120);
  });
});
