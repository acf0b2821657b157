import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import type { BalanceRecord, PositionRecord } from '#src/domain/records.js';
import { BalanceRepository } from '#src/storage/balance-repository.js';
import { PositionRepository } from '#src/storage/position-repository.js';
import type { TestDatabase } from '../support/postgres.js';
import { balance, position } from './records.js';

const MAIN: AccountRef = { exchange: 'bybit', account: 'main' };

/** Which values outlive a read that does not say them. */
export function describeAccountValues(test: TestDatabase): void {
  describe('balances', () => {
    const balances = () => new BalanceRepository({ schema: test.schema });
    const write = (record: BalanceRecord) =>
      test.database.transaction((tx) => balances().upsert(tx, MAIN, 'UNIFIED', [record]));
    const stored = async () => (await balances().list(test.database, MAIN))[0];
    const silent = { available: undefined, locked: undefined };

    it('keep their split while the total is the same', async () => {
      await write(balance());
      expect(await write(balance({ ...silent, total: '1.50' }))).to.equal(0);
      expect(await stored()).to.include({ available: '1', locked: '0.5' });
    });

    it('do not split one total as another was', async () => {
      await write(balance());
      await write(balance({ ...silent, total: '2' }));
      expect(await stored()).to.include({ available: undefined, locked: undefined, total: '2' });
    });

    it('are present as debt, and are not as nothing', async () => {
      await write(balance({ currency: 'DEBT', available: '0', locked: '0', total: '-3' }));
      await write(balance({ currency: 'NONE', available: '0', locked: undefined, total: '0' }));
      const present = await balances().present(test.database, MAIN);
      expect(present.map(({ key }) => key.currency)).to.deep.equal(['DEBT']);
    });
  });

  describe('positions', () => {
    const positions = () => new PositionRepository({ schema: test.schema });
    const write = (record: PositionRecord) =>
      test.database.transaction((tx) => positions().upsert(tx, MAIN, 'linear', [record]));
    const stored = async () => (await positions().list(test.database, MAIN))[0];
    const silent = {
      quantity: undefined,
      entryPrice: undefined,
      leverage: undefined,
      timestampMs: undefined,
    };

    it('keep what belongs to their size while they have it', async () => {
      await write(position());
      expect(await write(position(silent))).to.equal(0);
      expect(await stored()).to.deep.equal({ ...position(), scope: 'linear' });
    });

    it('do not keep it for another size', async () => {
      await write(position());
      await write(position({ ...silent, contracts: '0.7' }));
      expect(await stored()).to.include({ ...silent, contracts: '0.7', settleCurrency: 'USDT' });
    });

    it('never pass an old mark price for a new one', async () => {
      await write(position());
      const moving = { markPrice: undefined, unrealizedPnl: undefined, liquidationPrice: undefined };
      await write(position({ ...moving, settleCurrency: undefined }));
      expect(await stored()).to.include({ ...moving, settleCurrency: 'USDT', entryPrice: '60000.10' });
    });

    it('say when they were closed', async () => {
      await write(position());
      const { symbol, side, marginMode } = position();
      const at = Date.UTC(2026, 5, 1);
      await test.database.transaction((tx) =>
        positions().markAbsent(tx, MAIN, 'linear', [{ symbol, side, marginMode }], at),
      );
      const { rows } = await test.database.query(`SELECT closed_at FROM "${test.schema}".exchange_positions`);
      expect(rows).to.deep.equal([{ closed_at: new Date(at) }]);
    });
  });
}
