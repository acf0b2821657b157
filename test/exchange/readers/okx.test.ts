import { expect } from 'chai';
import type { CcxtMarket } from '#src/exchange/exchange-session.js';
import { okx } from '#src/exchange/profiles/okx.js';
import type { Route } from '../support/exchange-server.js';
import { accountBehind, type Harness } from './account-harness.js';
import { answering } from './answering.js';
import { readContext, spotMarket, swapMarket } from './passing-session.js';

const data = (...rows: object[]) => ({ code: '0', msg: '', data: rows });

function contract(id: string, symbol: string, terms: object): Partial<CcxtMarket> {
  const [pair = '', settle = ''] = symbol.split(':');
  const [base = '', quote = ''] = pair.split('/');
  const swap = swapMarket(id, base, quote, settle.split('-')[0]);
  return { ...swap, symbol, baseId: base, ...terms };
}

const MARKETS: Partial<CcxtMarket>[] = [
  { ...spotMarket('BTC-USDT', 'BTC', 'USDT'), baseId: 'BTC', margin: true } as Partial<CcxtMarket>,
  contract('BTC-USDT-SWAP', 'BTC/USDT:USDT', {
    contractSize: '0.01',
    info: { ctValCcy: 'BTC', ctMult: '1' },
  }),
  contract('BTC-USD-SWAP', 'BTC/USD:BTC', { contractSize: '100', info: { ctValCcy: 'USD', ctMult: '1' } }),
  contract('BTC-USD-261225-70000-C', 'BTC/USD:BTC-261225-70000-C', {
    type: 'option',
    swap: false,
    option: true,
    contractSize: '1',
    info: { ctValCcy: 'BTC', ctMult: '0.01' },
  }),
];

describe('reading okx', () => {
  let harness: Harness;
  afterEach(() => harness.server.close());
  const behind = async (...routes: Route[]) => {
    harness = await accountBehind(okx, MARKETS, routes);
    return harness.account;
  };

  describe('balances', () => {
    const trading = async (...details: object[]) => {
      const account = await behind(answering('/api/v5/account/balance', data({ details })));
      return account.readBalances('wallet=TRADING', readContext());
    };

    it("are equity less unrealised profit, with what okx's bots hold", async () => {
      const { records } = await trading({
        ccy: 'USDT',
        eq: '4992.890093622894',
        cashBal: '4850.435693622894',
        stgyEq: '150',
        upl: '-7.545600000000006',
        availBal: '4834.317093622894',
        availEq: '4834.3170936228935',
        frozenBal: '158.573',
        liab: '0',
      });
      expect(records).deep.equal([
        {
          wallet: 'TRADING',
          currency: 'USDT',
          available: '4834.317093622894',
          locked: '158.573',
          total: '5000.435693622894',
        },
      ]);
    });

    it('have the margin of isolated positions in them, which is not cash', async () => {
      const { records } = await trading({
        ccy: 'USDT',
        eq: '1012.5',
        cashBal: '900',
        isoEq: '110.5',
        isoUpl: '10.5',
        upl: '12.5',
        stgyEq: '0',
        availBal: '900',
        frozenBal: '100',
      });
      expect(records[0]).includes({ total: '1000' });
    });

    it('are complete where the equity has something in it that no part names', async () => {
      const { records } = await trading({
        ccy: 'USDT',
        eq: '1000',
        cashBal: '900',
        upl: '10',
        availBal: '900',
        frozenBal: '0',
      });
      expect(records[0]).includes({ total: '990' });
    });

    it('of a spot account, which has no profit, are its equity', async () => {
      const { records } = await trading({
        ccy: 'BTC',
        eq: '1.0095984098559447',
        cashBal: '1.0095984098559447',
        upl: '',
        availBal: '1.0095984098559447',
        availEq: '',
        frozenBal: '0',
        liab: '',
      });
      expect(records[0]).includes({ total: '1.0095984098559447', available: '1.0095984098559447' });
    });

    it('say what is available where only the available equity is told', async () => {
      const { records } = await trading({
        ccy: 'USDT',
        eq: '541.1031235627408',
        cashBal: '538.3521235627409',
        upl: '2.751000000000017',
        availBal: '',
        availEq: '413.8757902294076',
        frozenBal: '127.22733333333332',
      });
      expect(records[0]).includes({ total: '538.3521235627409', available: '413.8757902294076' });
    });

    it('are negative for debt, which is in the equity and is not taken off again', async () => {
      const { records } = await trading({
        ccy: 'BTC',
        eq: '-0.5',
        cashBal: '-0.5',
        upl: '0',
        liab: '0.5',
        availBal: '0',
        frozenBal: '0',
      });
      expect(records[0]).includes({ currency: 'BTC', total: '-0.5' });
    });

    it('without a currency are set aside', async () => {
      const { records, rejected } = await trading({ ccy: '', eq: '0.0278185', upl: '', frozenBal: '0' });
      expect(records).deep.equal([]);
      expect(rejected).lengthOf(1);
    });

    it('of the funding wallet are read apart', async () => {
      const row = { ccy: 'ETH', bal: '2.5', availBal: '2', frozenBal: '0.5' };
      const account = await behind(answering('/api/v5/asset/balances', data(row)));
      const { records } = await account.readBalances('wallet=FUNDING', readContext());
      expect(records).deep.equal([
        { wallet: 'FUNDING', currency: 'ETH', available: '2', locked: '0.5', total: '2.5' },
      ]);
    });
  });

  describe('positions', () => {
    const POSITION = {
      mgnMode: 'cross',
      posSide: 'net',
      posCcy: '',
      avgPx: '60000',
      markPx: '61000',
      upl: '0',
      lever: '10',
      liqPx: '',
      cTime: '1758190000000',
      uTime: '1758190050000',
    };
    const read = async (...rows: object[]) => {
      const positions = rows.map((row, index) => ({ ...POSITION, posId: String(index + 1), ...row }));
      const account = await behind(answering('/api/v5/account/positions', data(...positions)));
      return account.readPositions('all', readContext());
    };

    it('have quantities in the base currency, by what one contract is worth', async () => {
      const { records } = await read(
        { instType: 'SWAP', instId: 'BTC-USDT-SWAP', pos: '-25' },
        { instType: 'SWAP', instId: 'BTC-USD-SWAP', pos: '7' },
        { instType: 'OPTION', instId: 'BTC-USD-261225-70000-C', pos: '3', lever: '' },
      );
      expect(
        records.map(({ symbol, side, contracts, quantity }) => [symbol, side, contracts, quantity]),
      ).deep.equal([
        ['BTC/USDT:USDT', 'short', '25', '0.25'],
        ['BTC/USD:BTC', 'long', '7', undefined],
        ['BTC/USD:BTC-261225-70000-C', 'long', '3', '0.03'],
      ]);
      expect(records[0]).includes({
        unrealizedPnl: '0',
        marginMode: 'cross',
        timestampMs: 1_758_190_050_000,
      });
    });

    it('on margin have a quantity where they are in the base currency', async () => {
      const margin = { instType: 'MARGIN', instId: 'BTC-USDT' };
      const { records } = await read(
        { ...margin, pos: '0.5', posCcy: 'BTC' },
        { ...margin, pos: '3000', posCcy: 'USDT' },
      );
      expect(
        records.map(({ symbol, side, contracts, quantity }) => [symbol, side, contracts, quantity]),
      ).deep.equal([
        ['BTC/USDT', 'long', '0.5', '0.5'],
        ['BTC/USDT', 'short', '3000', undefined],
      ]);
    });

    it('that differ in nothing but their margin currency are set aside, not merged or dropped', async () => {
      const margin = { instType: 'MARGIN', instId: 'BTC-USDT', pos: '0.5', posCcy: 'BTC' };
      const { records, rejected } = await read(
        { ...margin, ccy: 'USDT' },
        { ...margin, ccy: 'BTC', uTime: '1758190051000' },
        { instType: 'SWAP', instId: 'BTC-USDT-SWAP', pos: '1' },
        { instType: 'SWAP', instId: 'BTC-USDT-SWAP', pos: '0' },
      );
      expect(records.map(({ symbol }) => symbol)).deep.equal(['BTC/USDT:USDT']);
      expect(rejected.map(({ row }) => row)).deep.equal(['position in BTC/USDT', 'position in BTC/USDT']);
    });
  });

  describe('orders', () => {
    const ORDER = {
      instType: 'SPOT',
      instId: 'BTC-USDT',
      ordType: 'limit',
      side: 'buy',
      px: '60000',
      sz: '0.3',
      accFillSz: '0.1',
      avgPx: '59990',
      state: 'partially_filled',
      algoId: '',
      tgtCcy: '',
      cTime: '1758190000000',
      uTime: '1758190050000',
    };
    const pending = (rows: object[], query = {}) =>
      answering('/api/v5/trade/orders-pending', data(...rows), query);

    it('keep their own number where an algo order placed them', async () => {
      const account = await behind(
        pending([{ ...ORDER, ordId: '7001', algoId: '9001', slOrdPx: '-1', slTriggerPx: '55000' }]),
      );
      const { records } = await account.readOpenOrders('SPOT', readContext());
      expect(records).deep.equal([
        {
          symbol: 'BTC/USDT',
          orderId: '7001',
          orderType: 'limit',
          side: 'buy',
          price: '60000',
          triggerPrice: undefined,
          average: '59990',
          amount: '0.3',
          filled: '0.1',
          remaining: '0.2',
          status: 'open',
          rawStatus: 'partially_filled',
          timestampMs: 1_758_190_000_000,
        },
      ]);
    });

    it('are followed page by page behind the lowest number', async () => {
      const rows = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) => ({ ...ORDER, ordId: String(from - index) }));
      const account = await behind(
        pending(rows(901, 3), { after: '902' }),
        pending(rows(1001, 100), { limit: '100' }),
      );
      const { records, pages } = await account.readOpenOrders('SPOT', readContext());
      expect(pages).equal(2);
      expect(records).lengthOf(103);
    });

    it('are not followed for ever by an exchange that ignores the cursor', async () => {
      const rows = Array.from({ length: 100 }, (_, index) => ({ ...ORDER, ordId: String(1001 - index) }));
      let page = 0;
      const account = await behind(() => data(...rows.map((row) => ({ ...row, uTime: String(page++) }))));
      const read = account.readOpenOrders('SPOT', readContext()).catch((error: Error) => error);
      expect(await read).property('code', 'EXCHANGE_BAD_RESPONSE');
      expect(harness.server.requests).lengthOf(2);
    });

    it('in the quote currency have no amount, whatever type they are of', async () => {
      const algo = {
        ...ORDER,
        ordType: 'conditional',
        algoId: '5',
        ordId: '',
        tgtCcy: 'quote_ccy',
        sz: '500',
        px: '',
        slTriggerPx: '55000',
        slOrdPx: '-1',
        tpTriggerPx: '',
        tpOrdPx: '',
        state: 'live',
        actualSz: '0',
        accFillSz: '',
        avgPx: '',
        actualPx: '',
      };
      const account = await behind(answering('/api/v5/trade/orders-algo-pending', data(algo)));
      const { records } = await account.readOpenOrders('algo:conditional', readContext());
      expect(records[0]).deep.include({
        orderId: '5',
        orderType: 'conditional',
        price: undefined,
        triggerPrice: '55000',
        amount: undefined,
        filled: '0',
        remaining: undefined,
        status: 'open',
      });
    });

    it('that ended are what they ended as', async () => {
      const states = { '1': 'filled', '2': 'canceled', '3': 'mmp_canceled', '4': 'order_failed' };
      const rows = Object.entries(states).map(([ordId, state]) => ({ ...ORDER, ordId, state }));
      const account = await behind(answering('/api/v5/trade/orders-history', data(...rows)));
      const { records } = await account.readRecentOrders('recent:SPOT', [], readContext());
      expect(records.map(({ orderId, status }) => [orderId, status])).deep.equal([
        ['1', 'closed'],
        ['2', 'canceled'],
        ['3', 'canceled'],
        ['4', 'rejected'],
      ]);
    });

    it('that vanished are asked for by their number, algo orders by theirs', async () => {
      const plain = { ...ORDER, ordId: '7', algoId: '9', state: 'canceled' };
      const algo = {
        ...ORDER,
        algoId: '9',
        ordId: '7',
        ordType: 'trigger',
        state: 'effective',
        actualSz: '0.3',
      };
      const account = await behind(
        answering('/api/v5/trade/order', data(plain), { ordId: '7', instId: 'BTC-USDT' }),
        answering('/api/v5/trade/order-algo', data(algo), { algoId: '9' }),
        () => ({ code: '51603', msg: 'Order does not exist', data: [] }),
      );
      const context = readContext();
      expect(await account.readOrder('SPOT', 'BTC/USDT', '7', context)).includes({
        orderId: '7',
        status: 'canceled',
      });
      expect(await account.readOrder('algo:trigger', 'BTC/USDT', '9', context)).includes({
        orderId: '9',
        status: 'closed',
      });
      expect(await account.readOrder('SPOT', 'BTC/USDT', '8', context)).equal(undefined);
    });
  });
});
