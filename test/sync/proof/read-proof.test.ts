import { expect } from 'chai';
import { readProof } from '#src/sync/proof/read-proof.js';
import { balance } from '../../storage/records.js';
import { useTestDatabase } from '../../support/postgres.js';
import { day, MAIN, OPENED_MS, ProofWorld } from './proof-world.js';

const SUB = { exchange: 'bybit', account: 'sub1' };
const NOW_MS = day(20);

describe('what is read of proofs', () => {
  const test = useTestDatabase();

  it('is the latest answer for each asset, and that nothing is known of what was never judged', async () => {
    const world = new ProofWorld(test);
    const { balances, scopes, proofs } = world.repositories;
    await test.database.transaction(async (tx) => {
      for (const [wallet, total] of [
        ['UNIFIED', '1.50'],
        ['FUND', '2'],
      ] as const) {
        const rows = [balance({ wallet, total }), balance({ wallet, currency: 'XRP', total: '0' })];
        await balances.upsert(tx, SUB, wallet, rows);
      }
      const attempt = { attemptedAtMs: day(8), completeAtMs: day(8) };
      await scopes.record(
        tx,
        SUB,
        'balances',
        ['UNIFIED', 'FUND'].map((scope) => ({ scope, ...attempt })),
      );
      await balances.upsert(tx, MAIN, 'UNIFIED', [balance({ currency: 'USDT', total: '5' })]);
    });
    await world.add({ ledger: [{ currency: 'USDT', amount: '5', timestampMs: day(1) }] });
    await world.cover(OPENED_MS, day(11));
    await world.observe(day(10), { USDT: '5' });
    await world.prove();
    const read = (filter: object) => readProof(test.database, proofs, filter, NOW_MS);
    const { assets } = await read({});
    expect(assets).to.deep.equal([
      {
        ...{ ...MAIN, asset: 'USDT', state: 'proven', reason: null },
        ...{ horizon: '2025-01-01T00:00:00.000Z', opening: '0', openingSource: 'account-opened' },
        ...{ fills: '0', fees: '0', transfers: '0', ledger: '5', expected: '5', reported: '5' },
        ...{ unexplainedQuantity: '0', observedAt: '2025-01-11T00:00:00.000Z' },
        checkedAt: new Date(world.nowMs).toISOString(),
      },
      {
        ...{
          ...SUB,
          asset: 'BTC',
          state: 'unknown',
          reason: 'no history has been compared with the balances yet',
        },
        ...{ horizon: null, opening: null, openingSource: null, fills: null, fees: null, transfers: null },
        ...{ ledger: null, expected: null, reported: '3.5', unexplainedQuantity: null },
        ...{ observedAt: '2025-01-09T00:00:00.000Z', checkedAt: '2025-01-21T00:00:00.000Z' },
      },
    ]);
    await test.database.transaction(async (tx) => {
      const { code, message } = { code: 'PERMISSION_DENIED', message: 'not this one' } as const;
      await scopes.record(tx, SUB, 'balances', [
        { scope: 'UNIFIED', attemptedAtMs: day(9), completeAtMs: day(9) },
        { scope: 'FUND', attemptedAtMs: day(9), completeAtMs: day(9) },
        { scope: 'EARN', attemptedAtMs: day(9), error: { code, message } },
      ]);
    });
    expect((await read({ account: 'sub1' })).assets[0]).to.include({
      reason: 'EARN has never been read completely; exchange-sync status says why',
    });
    expect((await read({ account: 'main' })).assets.map(({ asset }) => asset)).to.deep.equal(['USDT']);
    expect((await read({ exchange: 'okx' })).assets).to.deep.equal([]);
  });
});
