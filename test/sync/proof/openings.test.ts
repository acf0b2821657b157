import { expect } from 'chai';
import type { HistoryScope } from '#src/exchange/exchange-client.js';
import { balance } from '../../storage/records.js';
import { useTestDatabase } from '../../support/postgres.js';
import { DAY, day, MAIN, MINUTE, OPENED_MS, ProofWorld } from './proof-world.js';

describe('the opening of a proof', () => {
  const test = useTestDatabase();
  let world: ProofWorld;

  beforeEach(() => {
    world = new ProofWorld(test);
    world.opened = undefined;
  });

  const flow = (amount: string, atMs: number, currency = 'USDT') =>
    world.add({ ledger: [{ currency, amount, timestampMs: atMs }] });
  const opening = async (asset = 'USDT') => {
    const { opening: quantity, openingSource, horizonMs = 0 } = await world.latest(asset);
    return `${quantity} ${openingSource} on day ${(horizonMs - OPENED_MS) / DAY}`;
  };

  describe('that is inferred', () => {
    it('is what was there once, and shows what is missing from then on', async () => {
      await flow('2', day(6));
      await world.cover(day(5), day(20));
      await world.observe(day(8), { USDT: '12' });
      expect(await world.prove()).to.deep.equal({ USDT: 'proven' });
      expect(await opening()).to.equal('10 inferred on day 5');
      await world.observe(day(9), { USDT: '13' });
      expect(await world.prove()).to.deep.equal({ USDT: 'unexplained 1' });
      await world.observe(day(10), { USDT: '13' });
      expect(await world.prove(), 'it is never inferred again').to.deep.equal({ USDT: 'unexplained 1' });
      expect(await opening()).to.equal('10 inferred on day 5');
    });

    it('moves back by what flowed in between, with the rest as it was', async () => {
      await flow('2', day(6));
      await world.cover(day(5), day(20));
      await world.observe(day(8), { USDT: '12' });
      await world.prove();
      await world.observe(day(9), { USDT: '13' });
      await world.prove();
      await flow('7', day(3));
      await world.cover(day(2), day(5));
      expect(await world.prove()).to.deep.equal({ USDT: 'unexplained 1' });
      expect(await opening()).to.equal('3 inferred on day 2');
      await flow('3', day(1));
      await world.cover(day(0), day(2));
      await world.observe(day(9) + MINUTE, { USDT: '13' });
      expect(await world.prove()).to.deep.equal({ USDT: 'unexplained 1' });
      expect(await opening()).to.equal('0 inferred on day 0');
    });

    it('becomes 0 where history reaches the day on which the account was opened', async () => {
      world.opened = day(1);
      await flow('2', day(6));
      await world.cover(day(5), day(20));
      await world.observe(day(8), { USDT: '12' });
      await world.prove();
      expect(await opening()).to.equal('10 inferred on day 5');
      await flow('9', day(2));
      await world.cover(day(1), day(5));
      expect(await world.prove(), 'what is missing shows now').to.deep.equal({ USDT: 'unexplained 1' });
      expect(await opening()).to.equal('0 account-opened on day 1');
      await flow('1', day(3));
      expect(await world.prove()).to.deep.equal({ USDT: 'proven' });
    });

    it('stays what the balances said when a row of before comes late', async () => {
      await world.cover(day(5), day(20));
      await world.observe(day(8), { USDT: '12' });
      await world.prove();
      await flow('2', day(6));
      await world.observe(day(9), { USDT: '12' });
      expect(await world.prove()).to.deep.equal({ USDT: 'proven' });
      expect(await opening()).to.equal('10 inferred on day 5');
    });

    it('is 0 of what the first observation did not name', async () => {
      await world.cover(day(5), day(20));
      await world.observe(day(8), { USDT: '12' });
      await world.prove();
      await world.observe(day(9), { USDT: '12', XRP: '5' });
      expect(await world.prove()).to.deep.equal({ USDT: 'proven', XRP: 'unexplained 5' });
      await flow('5', day(8.5), 'XRP');
      expect(await world.prove()).to.deep.equal({ USDT: 'proven', XRP: 'proven' });
      expect(await opening('XRP')).to.equal('0 inferred on day 5');
    });

    it('is not 0 of what was on its way when the first observation did not name it', async () => {
      await world.cover(day(5), day(20));
      const transfer = {
        id: 'x',
        currency: 'XRP',
        change: '5',
        feeCost: undefined,
        timestampMs: day(8) - MINUTE,
      };
      await world.add({ transfers: [{ ...transfer, status: 'pending' }] });
      await world.observe(day(8), { USDT: '12' });
      await world.prove();
      await world.add({ transfers: [{ ...transfer, status: 'ok' }] });
      await world.observe(day(9), { USDT: '12', XRP: '5' });
      expect(await world.prove()).to.deep.equal({ USDT: 'proven', XRP: 'proven' });
    });

    it('is inferred of nothing that is doubtful: it would explain anything', async () => {
      await world.cover(day(5), day(20));
      await flow('1', day(8) - 500);
      await world.observe(day(8), { USDT: '12' });
      expect(await world.prove()).to.deep.equal({ USDT: 'pending' });
      expect(await world.repositories.openings.list(test.database, MAIN)).to.deep.equal([]);
      await world.add({ transfers: [{ status: 'pending', timestampMs: day(8.5) }] });
      await world.observe(day(9), { USDT: '12' });
      expect(await world.prove()).to.deep.equal({ USDT: 'pending' });
      expect(await world.repositories.openings.list(test.database, MAIN)).to.deep.equal([]);
    });

    it('is inferred anew after time that is lost for good, and not after a gap', async () => {
      await world.cover(day(5), day(9));
      await world.observe(day(8), { USDT: '12' });
      await world.prove();
      await world.cover(day(11), day(20));
      await world.observe(day(12), { USDT: '20' });
      expect(await world.prove(), 'a gap').to.deep.equal({ USDT: 'unknown' });
      await world.lose(day(9), day(11));
      expect(await world.prove()).to.deep.equal({ USDT: 'proven' });
      expect(await opening()).to.equal('20 inferred on day 11');
      await world.observe(day(13), { USDT: '20', XRP: '3' });
      expect(await world.prove()).to.deep.equal({ USDT: 'proven', XRP: 'unexplained 3' });
    });

    it('takes the place of an opening day that is taken back', async () => {
      world.opened = OPENED_MS;
      await world.cover(OPENED_MS, day(20));
      await world.observe(day(8), { USDT: '12' });
      expect(await world.prove()).to.deep.equal({ USDT: 'unexplained 12' });
      world.opened = undefined;
      await world.observe(day(9), { USDT: '12' });
      expect(await world.prove()).to.deep.equal({ USDT: 'proven' });
      expect((await world.latest('USDT')).openingSource).to.equal('inferred');
    });
  });

  describe('where fills are listed by symbol', () => {
    const bySymbol: HistoryScope = {
      ...{ id: 'spot', needsSymbol: true, servedFromMs: OPENED_MS, settleLagMs: 0, lateMs: MINUTE },
    };
    const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'XRP/USDT'];

    beforeEach(async () => {
      world.opened = OPENED_MS;
      world.lists = { ...world.lists, trades: [bySymbol] };
      world.symbols = SYMBOLS.map((symbol) => {
        const [base = '', quote = ''] = symbol.split('/');
        return { symbol, base, quote };
      });
      await flow('100', day(1));
      await world.add({
        trades: [{ amount: '1', cost: '60', feeCost: '0.1', feeCurrency: 'BNB', timestampMs: day(2) }],
        ledger: [{ currency: 'BNB', amount: '1', timestampMs: day(1) }],
      });
      await world.cover(OPENED_MS, day(20), 'transfers');
      await world.cover(OPENED_MS, day(20), 'ledger');
      await changed('BTC', 3);
      await changed('ETH', 3);
      await changed('USDT', 3);
    });
    const HELD = { BTC: '1', USDT: '40', BNB: '0.9' };

    const know = (...symbols: readonly string[]) =>
      test.database.transaction((tx) =>
        world.repositories.symbols.add(
          tx,
          MAIN,
          'spot',
          symbols.map((symbol) => ({ symbol, reason: 'test' })),
        ),
      );
    const read = (symbol: string, toDay: number) =>
      world.coverScope('trades', `spot:${symbol}`, OPENED_MS, day(toDay));
    /** The balance of the currency was last seen to change then. */
    async function changed(currency: string, atDay: number) {
      const rows = [balance({ currency, total: String(atDay) })];
      await test.database.transaction((tx) => world.repositories.balances.upsert(tx, MAIN, 'spot', rows));
      await test.database.query(
        `UPDATE "${test.schema}".exchange_balances SET updated_at = $1 WHERE currency = $2`,
        [new Date(day(atDay)).toISOString(), currency],
      );
    }

    it('needs no newer reading of a symbol whose currencies have not changed since', async () => {
      await know('BTC/USDT', 'ETH/USDT');
      await read('BTC/USDT', 4);
      await read('ETH/USDT', 4);
      await world.observe(day(10), HELD);
      expect(await world.prove()).to.deep.equal({ BNB: 'proven', BTC: 'proven', USDT: 'proven' });
    });

    it('is unknown for the currencies of a symbol that is not read yet, and for the coin of its fees', async () => {
      await know('BTC/USDT', 'ETH/USDT');
      await read('BTC/USDT', 4);
      await world.observe(day(10), { ...HELD, DOGE: '5' });
      expect(await world.prove()).to.deep.equal({
        ...{ BNB: 'unknown', BTC: 'proven', DOGE: 'unexplained 5', USDT: 'unknown' },
      });
      expect((await world.latest('USDT')).reason).to.include(
        'trades spot:ETH/USDT is not read from 2025-01-01',
      );
      expect(await world.rereads()).to.deep.equal([
        'proof ledger UNIFIED: 0 to 10',
        'proof transfers deposit: 0 to 10',
      ]);
    });

    it('is unknown where both currencies changed, and where one did only if it does not add up', async () => {
      await know('BTC/USDT', 'ETH/USDT');
      await read('BTC/USDT', 4);
      await read('ETH/USDT', 4);
      await changed('USDT', 6);
      await world.observe(day(10), HELD);
      expect(await world.prove(), 'it adds up').to.deep.equal({
        BNB: 'proven',
        BTC: 'proven',
        USDT: 'proven',
      });
      await world.observe(day(11), { ...HELD, USDT: '41' });
      expect(await world.prove()).to.deep.equal({ BNB: 'proven', BTC: 'proven', USDT: 'unknown' });
      expect((await world.latest('USDT')).reason).to.include('is not read from 2025-01-05');
      await read('BTC/USDT', 12);
      await read('ETH/USDT', 12);
      expect(await world.prove()).to.include({ USDT: 'unexplained 1' });
      await changed('USDT', 14);
      await changed('ETH', 14);
      await world.observe(day(15), HELD);
      const later = { ...(await world.prove()) };
      expect(later.USDT, 'both changed; the answer of a little before is too old').to.equal('unknown');
      expect(later.BTC).to.equal('proven');
    });

    it('is what was known a little before, while a symbol whose currencies changed is still to be read', async () => {
      await know('BTC/USDT');
      await read('BTC/USDT', 4);
      await world.observe(day(10), HELD);
      expect(await world.prove()).to.deep.equal({ BNB: 'proven', BTC: 'proven', USDT: 'proven' });
      await changed('USDT', 10.5);
      await changed('BTC', 10.5);
      await world.observe(day(10.5), { ...HELD, BTC: '2' });
      expect(await world.prove()).to.deep.equal({ BNB: 'proven', BTC: 'proven', USDT: 'proven' });
      expect((await world.latest('BTC')).reported).to.equal('1');
    });

    it('has the symbols of an asset read again, and of no other', async () => {
      await know('BTC/USDT', 'ETH/USDT', 'XRP/USDT');
      for (const symbol of SYMBOLS) await read(symbol, 12);
      await world.observe(day(10), { ...HELD, BTC: '2' });
      expect(await world.prove()).to.include({ BTC: 'unexplained 1', USDT: 'proven' });
      expect((await world.rereads()).filter((range) => range.includes('trades'))).to.deep.equal([
        'proof trades spot:BTC/USDT: 0 to 10',
      ]);
    });
  });
});
