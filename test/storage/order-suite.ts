import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import { ORDER_STATUSES, type OrderRecord } from '#src/domain/records.js';
import type { Transaction } from '#src/storage/database.js';
import { OrderRepository } from '#src/storage/order-repository.js';
import type { TestDatabase } from '../support/postgres.js';
import { order } from './records.js';
import { whileUncommitted } from './two-writers.js';

const MAIN: AccountRef = { exchange: 'binance', account: 'main' };

export function describeOrders(test: TestDatabase): void {
  describe('orders', () => {
    const orders = () => new OrderRepository({ schema: test.schema });
    const write = (record: OrderRecord, scope = 'spot') =>
      test.database.transaction((tx) => orders().upsert(tx, MAIN, scope, [record]));
    const stored = async () => (await orders().list(test.database, MAIN))[0];

    for (const ended of ORDER_STATUSES.filter((status) => status !== 'open' && status !== 'unknown')) {
      it(`stay ${ended} when an older read has them open`, async () => {
        const end = order({
          status: ended,
          rawStatus: 'End',
          filled: '0.2',
          remaining: '0',
          average: '58000',
        });
        await write(end);
        expect(await write(order())).to.equal(0);
        expect(await write(order({ status: 'unknown' }))).to.equal(0);
        expect(await stored()).to.deep.equal({ ...end, scope: 'spot' });
      });
    }

    it('stay closed when another process closes them while an older read is written', async () => {
      await write(order());
      const put = (record: OrderRecord) => (tx: Transaction) => orders().upsert(tx, MAIN, 'spot', [record]);
      const older = put(order({ filled: '0.1' }));
      expect(await whileUncommitted(test, put(order({ status: 'closed' })), older)).to.equal(0);
      expect((await stored())?.status).to.equal('closed');
    });

    it('are open again after they were unknown, and end after that', async () => {
      await write(order({ status: 'unknown' }));
      expect(await write(order())).to.equal(1);
      expect(await write(order({ status: 'canceled' }))).to.equal(1);
      expect((await stored())?.status).to.equal('canceled');
    });

    it('keep what a later read does not say', async () => {
      const said = order({ filled: '0.1', remaining: '0.1', average: '58000', triggerPrice: '60000' });
      await write(said);
      const silent: OrderRecord = {
        symbol: said.symbol,
        orderId: said.orderId,
        status: 'canceled',
        ...{ orderType: undefined, side: undefined, price: undefined, triggerPrice: undefined },
        ...{ average: undefined, amount: undefined, filled: undefined, remaining: undefined },
        ...{ rawStatus: undefined, timestampMs: undefined },
      };
      await write(silent);
      const after = await stored();
      expect(after).to.include({ price: '59000', triggerPrice: '60000', amount: '0.2', filled: '0.1' });
      expect(after?.status).to.equal('canceled');
      // The exchange's word for the old status is not its word for the new one.
      expect(after?.rawStatus).to.equal(undefined);
    });

    it('do not keep an average or a remainder of another filled quantity', async () => {
      await write(order({ filled: '0.1', remaining: '0.1', average: '58000' }));
      await write(order({ filled: '0.15', remaining: undefined, average: undefined }));
      expect(await stored()).to.include({ filled: '0.15', remaining: undefined, average: undefined });
    });

    it('name each symbol of their scopes once', async () => {
      await write(order({ symbol: 'ETH/USDT', orderId: '1', status: 'closed' }));
      await write(order({ symbol: 'BTC/USDT', orderId: '2' }));
      await write(order({ symbol: 'BTC/USDT', orderId: '3' }));
      await write(order({ symbol: 'BTC/USDT:USDT', orderId: '4' }), 'linear');
      await write(order({ symbol: 'SOL/USDT', orderId: '5', status: 'closed' }), 'recent:spot');
      const symbols = (...scopes: string[]) => orders().symbols(test.database, MAIN, scopes);
      expect(await symbols('spot')).to.deep.equal(['BTC/USDT', 'ETH/USDT']);
      expect(await symbols('recent:spot', 'spot')).to.deep.equal(['BTC/USDT', 'ETH/USDT', 'SOL/USDT']);
      expect(await symbols()).to.deep.equal([]);
    });
  });
}
