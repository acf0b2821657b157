import { expect } from 'chai';
import { useTestDatabase } from '../../support/postgres.js';
import { DAY, day, MAIN, MINUTE, OPENED_MS, ProofWorld } from './proof-world.js';

describe('the proof of an account', () => {
  const test = useTestDatabase();
  let world: ProofWorld;

  beforeEach(() => {
    world = new ProofWorld(test);
  });

  /** 1000 USDT come in, half a bitcoin is bought, funding is paid: 0.4995 BTC and 799.75 USDT are left. */
  async function someHistory() {
    await world.add({
      transfers: [{ amount: '1000', change: '1000', feeCost: undefined, timestampMs: day(1) }],
      trades: [{ amount: '0.5', cost: '200', feeCost: '0.0005', feeCurrency: 'BTC', timestampMs: day(2) }],
      ledger: [{ amount: '-0.25', currency: 'USDT', timestampMs: day(3) }],
    });
    await world.cover(OPENED_MS, day(10) + DAY / 2);
  }
  const HELD = { BTC: '0.4995', USDT: '799.75' };

  it('is that what flowed since the opening is what is there', async () => {
    await someHistory();
    await world.observe(day(10), HELD);
    expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'proven' });
    expect(await world.latest('USDT')).to.deep.include({
      ...{ opening: '0', openingSource: 'account-opened', horizonMs: OPENED_MS, reason: undefined },
      ...{
        fills: '-200',
        fees: '0',
        transfers: '1000',
        ledger: '-0.25',
        expected: '799.75',
        reported: '799.75',
      },
    });
    expect(await world.latest('BTC')).to.deep.include({ fills: '0.5', fees: '0.0005', expected: '0.4995' });
  });

  it('says of an asset that is not held any more, too, and nothing of coins that nobody ever had', async () => {
    await world.add({
      ledger: [
        { currency: 'ETH', amount: '2', timestampMs: day(1) },
        { currency: 'ETH', amount: '-2', timestampMs: day(2) },
        { currency: 'XRP', amount: '7', timestampMs: day(2) },
      ],
    });
    await world.cover(OPENED_MS, day(11));
    await world.observe(day(10), { DOGE: '0' });
    expect(await world.prove()).to.deep.equal({ ETH: 'proven', XRP: 'unexplained -7' });
  });

  it('shows what is missing to the last digit and hides it nowhere', async () => {
    await someHistory();
    await world.observe(day(10), { ...HELD, USDT: '799.750000000000000001' });
    expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'unexplained 0.000000000000000001' });
    await world.observe(day(10) + MINUTE, { ...HELD, USDT: '799.750000000000000001' });
    expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'unexplained 0.000000000000000001' });
    expect(await world.latest('USDT')).to.include({ opening: '0', expected: '799.75' });
  });

  it('adds only up what flowed since the last time', async () => {
    await someHistory();
    await world.observe(day(5), HELD);
    await world.prove();
    // Whoever adds up everything again would not see this.
    await test.database.query(
      `UPDATE "${test.schema}".balance_openings SET ledger = ledger + 5 WHERE asset = 'USDT'`,
    );
    await world.add({ ledger: [{ currency: 'USDT', amount: '1', timestampMs: day(6) }] });
    await world.observe(day(10), { ...HELD, USDT: '800.75' });
    expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'unexplained -5' });
  });

  it('notices a row that comes late, although its time was added up before', async () => {
    await someHistory();
    await world.observe(day(5), HELD);
    await world.prove();
    await world.add({ ledger: [{ currency: 'USDT', amount: '1', timestampMs: day(4) }] });
    await world.observe(day(6), HELD);
    expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'unexplained -1' });
  });

  it('notices an asset whose only rows come late, and of which nothing is there', async () => {
    await someHistory();
    await world.observe(day(5), HELD);
    await world.prove();
    await world.add({ ledger: [{ currency: 'ETH', amount: '3', timestampMs: day(4) }] });
    await world.observe(day(6), HELD);
    expect(await world.prove()).to.deep.equal({ BTC: 'proven', ETH: 'unexplained -3', USDT: 'proven' });
  });

  it('lets a rest go by itself that a late row explains', async () => {
    await someHistory();
    await world.observe(day(5), { ...HELD, USDT: '800.75' });
    expect(await world.prove()).to.include({ USDT: 'unexplained 1' });
    await world.add({ ledger: [{ currency: 'USDT', amount: '1', timestampMs: day(4) }] });
    expect(await world.prove()).to.include({ USDT: 'proven' });
    expect(await world.latest('USDT')).to.include({ rereadAtMs: undefined, unexplainedQuantity: '0' });
    expect(world.events).to.deep.equal([]);
  });

  describe('is pending', () => {
    it('where something flowed while the wallets were read, also by a clock that is a little off', async () => {
      await someHistory();
      const flows = (atMs: number) => ({ ledger: [{ currency: 'USDT', amount: '1', timestampMs: atMs }] });
      await world.add(flows(day(10) - 1500));
      await world.observe(day(10), { ...HELD, USDT: '800.75' });
      expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'pending' });
      expect(await world.latest('USDT')).to.deep.include({
        unexplainedQuantity: undefined,
        rereadAtMs: undefined,
      });
      await world.observe(day(10) + MINUTE, { ...HELD, USDT: '800.75' });
      expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'proven' });
      await world.add(flows(day(10) + 2 * MINUTE + 900));
      await world.observe(day(10) + 2 * MINUTE, { ...HELD, USDT: '800.75' });
      expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'pending' });
    });

    it('where a transfer is on its way, unless it adds up without', async () => {
      await someHistory();
      const transfer = { amount: '10', change: '10', feeCost: undefined, timestampMs: day(9) } as const;
      await world.add({ transfers: [{ ...transfer, id: 'later', status: 'pending' }] });
      await world.observe(day(10), HELD);
      expect(await world.prove()).to.include({ USDT: 'proven' });
      await world.observe(day(10) + MINUTE, { ...HELD, USDT: '809.75' });
      expect(await world.prove()).to.include({ USDT: 'pending' });
      expect(await world.rereads()).to.deep.equal([]);
      await world.add({ transfers: [{ ...transfer, id: 'later', status: 'ok' }] });
      expect(await world.prove()).to.include({ USDT: 'proven' });
    });
  });

  describe('is unknown', () => {
    it('while history is behind the balances, and says which list and since when', async () => {
      await someHistory();
      await world.observe(day(20), HELD);
      expect(await world.prove()).to.deep.equal({ BTC: 'unknown', USDT: 'unknown' });
      expect(await world.latest('BTC')).to.deep.include({
        reason: 'transfers deposit is not read from 2025-01-11T12:00:00.000Z to 2025-01-21T00:00:01.000Z',
        ...{ expected: undefined, reported: '0.4995', opening: undefined },
      });
      await world.cover(OPENED_MS, day(21));
      expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'proven' });
    });

    it('not for a day, where an answer is known of a little before', async () => {
      await someHistory();
      await world.observe(day(10), HELD);
      await world.prove();
      await world.observe(day(10.6), { ...HELD, BTC: '77' });
      expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'proven' });
      await world.cover(OPENED_MS, day(10.7));
      expect(await world.prove()).to.deep.equal({ BTC: 'unexplained 76.5005', USDT: 'proven' });
    });

    it('once nothing was read for two days, also of what is not held any more', async () => {
      await someHistory();
      await world.observe(day(10), HELD);
      await world.prove();
      await world.observe(day(11.9), { USDT: '1' });
      expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'proven' });
      await world.observe(day(12), { USDT: '1' });
      expect(await world.prove()).to.deep.equal({ BTC: 'unknown', USDT: 'unknown' });
      expect((await world.latest('BTC')).reason).to.include('is not read from 2025-01-11T12:00:00.000Z');
    });

    it('not at once, where the end of what was read is a gap again', async () => {
      await someHistory();
      await world.observe(day(10), HELD);
      await world.prove();
      const { coverage } = world.repositories;
      const gap = { fromMs: day(9), toMs: day(11) };
      await test.database.transaction((tx) => coverage.forget(tx, MAIN, 'ledger', 'UNIFIED', [gap]));
      await world.observe(day(10.5), HELD);
      expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'proven' });
    });

    it('where a day in the middle is a gap, and what was known is not forgotten for it', async () => {
      await someHistory();
      await world.observe(day(10), { ...HELD, USDT: '800' });
      expect(await world.prove()).to.include({ USDT: 'unexplained 0.25' });
      const { coverage } = world.repositories;
      const gap = { fromMs: day(5), toMs: day(6) };
      await test.database.transaction((tx) => coverage.forget(tx, MAIN, 'ledger', 'UNIFIED', [gap]));
      expect(await world.prove()).to.deep.equal({ BTC: 'unknown', USDT: 'unknown' });
      expect((await world.latest('BTC')).reason).to.include('ledger UNIFIED is not read from 2025-01-06');
      await world.cover(day(5), day(6));
      expect(await world.prove()).to.deep.equal({ BTC: 'proven', USDT: 'unexplained 0.25' });
    });

    it('never of an account without any history', async () => {
      world.lists = {};
      await world.observe(day(10), HELD);
      expect(await world.prove()).to.deep.equal({});
    });
  });

  describe('with a rest', () => {
    const REREAD = [
      'proof ledger UNIFIED: 0 to 10',
      'proof trades spot: 0 to 10',
      'proof transfers deposit: 0 to 10',
    ];

    it('has everything read again that counts, once, and then says so once', async () => {
      await someHistory();
      const held = { ...HELD, USDT: '800.75' };
      await world.observe(day(10), held);
      await world.prove();
      expect(await world.rereads()).to.deep.equal(REREAD);
      await world.observe(day(10) + MINUTE, held);
      await world.prove();
      expect(world.events, 'not before it was read again').to.deep.equal([]);

      await world.cover(OPENED_MS, day(10) + DAY / 2);
      expect(await world.rereads()).to.deep.equal([]);
      await world.prove();
      expect(
        world.events.map(({ asset, unexplainedQuantity }) => [asset, unexplainedQuantity]),
      ).to.deep.equal([['USDT', '1']]);
      expect(await world.rereads(), 'once').to.deep.equal([]);
      await world.observe(day(10) + 2 * MINUTE, held);
      await world.prove();
      expect(world.events, 'once').to.have.length(1);
    });

    it('begins to read again where it last added up', async () => {
      await someHistory();
      await world.observe(day(8), HELD);
      await world.prove();
      await world.observe(day(10), { ...HELD, BTC: '1' });
      await world.prove();
      expect(await world.rereads()).to.deep.equal(REREAD.map((range) => range.replace(': 0 to', ': 8 to')));
    });

    it('reads again only what is new where the rest is another one, and tells of it once it stays', async () => {
      await someHistory();
      const round = async (minute: number, usdt: string) => {
        await world.observe(day(10) + minute * MINUTE, { ...HELD, USDT: usdt });
        await world.prove();
        const asked = await world.rereads();
        await world.cover(OPENED_MS, day(10) + DAY / 2);
        return asked.length;
      };
      expect(await round(0, '800.75')).to.equal(3);
      expect(await round(1, '800.85'), 'a minute').to.equal(3);
      expect(world.events.map(({ unexplainedQuantity }) => unexplainedQuantity)).to.deep.equal(['1.1']);
      expect(await round(2, '800.95')).to.equal(3);
      expect(world.events).to.have.length(1);
      expect(await round(3, '800.95')).to.equal(0);
      expect(world.events.map(({ unexplainedQuantity }) => unexplainedQuantity)).to.deep.equal([
        '1.1',
        '1.2',
      ]);
      await round(4, '799.75');
      await round(5, '800.95');
      expect(await round(6, '800.95')).to.equal(0);
      expect(world.events, 'again, after it added up').to.have.length(3);
    });
  });
});
