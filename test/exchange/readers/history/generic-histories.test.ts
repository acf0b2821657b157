import { expect } from 'chai';
import type { Clock } from '#src/domain/clock.js';
import type { HistoryDataType } from '#src/domain/data-type.js';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import { genericProfile } from '#src/exchange/profiles/generic.js';
import { createAccountClient } from '#src/exchange/readers/account-client.js';
import { ExchangeServer, type Route } from '../../support/exchange-server.js';
import { passingSession, spotMarket, swapMarket } from '../passing-session.js';
import { pagesOf } from './pages-of.js';

const NOW_MS = 1_758_190_052_000;
const DAY = 24 * 60 * 60_000;
const RANGE = { fromMs: NOW_MS - 10 * DAY, toMs: NOW_MS };
const MARKETS = [spotMarket('BTCUSDT', 'BTC', 'USDT'), swapMarket('BTCUSDT', 'BTC', 'USDT')];
const clock: Clock = { now: () => NOW_MS, sleep: () => Promise.reject(new Error('readers do not wait')) };

const deal = (dealId: number, createdAt: number) => ({
  amount: '0.00010087',
  created_at: createdAt,
  deal_id: dealId,
  margin_market: '',
  market: 'BTCUSDT',
  order_id: 117654919342,
  price: '57464.04',
  side: 'sell',
  fee: '0.0058',
  fee_ccy: 'USDT',
  role: 'taker',
});

const deposit = (id: number, createdAt: number, status = 'finished') => ({
  deposit_id: id,
  created_at: createdAt,
  tx_id: 'd9f47d2550397c635cb89a8963118f8fe78ef048bc8b6f0caaeaa7dc6',
  ccy: 'USDT',
  chain: 'TRC20',
  deposit_method: 'ON_CHAIN',
  amount: '30',
  actual_amount: '',
  to_address: 'TYewD2pVWDUwfNr9A',
  confirmations: 20,
  status,
});

describe('histories of an exchange without a profile', () => {
  let server: ExchangeServer;
  afterEach(() => server?.close());

  async function accountAt(exchange: string, route: Route): Promise<AccountClient> {
    server = await ExchangeServer.start(route);
    const session = await passingSession({
      exchange,
      server,
      profile: { ccxtOptions: {} },
      markets: MARKETS,
    });
    const profile = genericProfile(session.ccxt);
    return createAccountClient({ session, profile, account: { exchange, account: 'main' }, clock });
  }
  async function read<Type extends HistoryDataType>(dataType: Type, scope: string, route: Route) {
    const account = await accountAt('coinex', route);
    const symbol = dataType === 'trades' ? { symbol: 'BTC/USDT' } : {};
    return pagesOf(account, dataType, { scope, ...symbol, range: RANGE });
  }
  const ok = (data: object[]) => ({ code: 0, data, message: 'OK', pagination: { has_next: false } });

  it('are fills, whichever end of a full list is missing', async () => {
    const deals = Array.from({ length: 450 }, (_, index) => deal(index + 1, NOW_MS - 1 - index * 900_000));
    for (const order of [1, -1]) {
      const { records, rejected, covered } = await read('trades', 'spot', ({ path, query }) => {
        expect(path).equal('/v2/spot/user-deals');
        const [from, to] = [Number(query.get('start_time')), Number(query.get('end_time'))];
        const found = deals.filter(({ created_at: time }) => time >= from && time <= to);
        return ok(
          found.sort((a, b) => order * (a.created_at - b.created_at)).slice(0, Number(query.get('limit'))),
        );
      });
      expect(rejected).deep.equal([]);
      expect(new Set(records.map(({ tradeId }) => tradeId)).size).equal(450);
      expect(records.length).equal(450);
      expect(covered).deep.equal([RANGE]);
      await server.close();
    }
  });

  it('count fills of coins, and those of contracts not', async () => {
    const route: Route = ({ path }) => ok([deal(1, NOW_MS - 5)].filter(() => path.endsWith('user-deals')));
    const { records } = await read('trades', 'spot', route);
    expect(records[0]).include({
      symbol: 'BTC/USDT',
      flow: 'exchange',
      feeCost: '0.0058',
      feeCurrency: 'USDT',
    });
    await server.close();
    const account = await accountAt('coinex', route);
    const swaps = await pagesOf(account, 'trades', { scope: 'swap', symbol: 'BTC/USDT:USDT', range: RANGE });
    expect(swaps.records[0]).include({ symbol: 'BTC/USDT:USDT', flow: 'none' });
  });

  it('leave what belongs to another list to that one', async () => {
    const row = (trade_id: string, instrument_name: string) => ({
      account_id: 'ds075abc-1234-4321-bd6g-ff9007252r63',
      event_date: '2025-09-18',
      journal_type: 'TRADING',
      traded_quantity: '0.1',
      traded_price: '60000',
      fees: '-0.5',
      order_id: '6142909898247428343',
      trade_id,
      trade_match_id: '4611686018455978480',
      client_oid: '',
      taker_side: 'TAKER',
      side: 'BUY',
      instrument_name,
      fee_instrument_name: 'USD',
      create_time: NOW_MS - 5,
      create_time_ns: `${NOW_MS - 5}000000`,
    });
    const body = {
      id: 1,
      method: 'private/get-trades',
      code: 0,
      result: { data: [row('1', 'BTC_USDT'), row('2', 'BTCUSD-PERP')] },
    };
    server = await ExchangeServer.start(() => body);
    const markets = [spotMarket('BTC_USDT', 'BTC', 'USDT'), swapMarket('BTCUSD-PERP', 'BTC', 'USD')];
    const session = await passingSession({
      exchange: 'cryptocom',
      server,
      profile: { ccxtOptions: {} },
      markets,
    });
    const account = { exchange: 'cryptocom', account: 'main' };
    const client = createAccountClient({ session, profile: genericProfile(session.ccxt), account, clock });
    const range = { fromMs: NOW_MS - DAY, toMs: NOW_MS };
    for (const [scope, tradeId, flow] of [
      ['spot', '1', 'exchange'],
      ['swap', '2', 'none'],
    ] as const) {
      const { records, rejected, covered } = await pagesOf(client, 'trades', { scope, range });
      expect(rejected).deep.equal([]);
      expect(records.map((record) => [record.tradeId, record.flow])).deep.equal([[tradeId, flow]]);
      expect(covered).deep.equal([range]);
    }
  });

  it('are set aside with a fee in more than one currency, of which a fill has one', async () => {
    const row = (id: string, gtFee: string) => ({
      id,
      create_time: String(Math.floor(NOW_MS / 1000) - 5),
      create_time_ms: `${NOW_MS - 5000}.25`,
      currency_pair: 'BTC_USDT',
      side: 'buy',
      role: 'taker',
      amount: '0.1',
      price: '60000',
      order_id: '7',
      fee: '0.0001',
      fee_currency: 'BTC',
      point_fee: '0',
      gt_fee: gtFee,
    });
    server = await ExchangeServer.start(() => [row('1', '0'), row('2', '0.5')]);
    const markets = [spotMarket('BTC_USDT', 'BTC', 'USDT')];
    const session = await passingSession({ exchange: 'gate', server, profile: { ccxtOptions: {} }, markets });
    const account = { exchange: 'gate', account: 'main' };
    const client = createAccountClient({ session, profile: genericProfile(session.ccxt), account, clock });
    const range = { fromMs: NOW_MS - DAY, toMs: NOW_MS };
    const { records, rejected } = await pagesOf(client, 'trades', {
      scope: 'spot',
      symbol: 'BTC/USDT',
      range,
    });
    expect(records.map(({ tradeId, feeCost, feeCurrency }) => [tradeId, feeCost, feeCurrency])).deep.equal([
      ['1', '0.0001', 'BTC'],
    ]);
    expect(rejected.map(({ reason }) => reason)).deep.equal(['fee: it is in more than one currency']);
  });

  it('are deposits, where few enough come at once', async () => {
    const rows = [
      deposit(1, NOW_MS - 5),
      deposit(2, NOW_MS - 50, 'processing'),
      deposit(3, NOW_MS - 20 * DAY),
    ];
    const { records, covered } = await read('transfers', 'deposits', () => ok(rows));
    expect(records.map(({ id, status, change }) => [id, status, change]).sort()).deep.equal([
      ['1', 'ok', '30'],
      ['2', 'pending', '30'],
    ]);
    expect(covered).deep.equal([RANGE]);
  });

  it('claim nothing of a list that does not keep to the range and may be cut', async () => {
    const rows = Array.from({ length: 10 }, (_, index) => deposit(index, NOW_MS - 1 - index));
    const account = await accountAt('coinex', () => ok(rows));
    const older = { fromMs: NOW_MS - 20 * DAY, toMs: NOW_MS - 10 * DAY };
    const failure = await pagesOf(account, 'transfers', { scope: 'deposits', range: older }).then(
      () => 'it was read',
      (error) => `${error.code}: ${error.message}`,
    );
    expect(failure).match(/^EXCHANGE_BAD_RESPONSE: .* is of another time than was asked for/);
    expect(server.requests.length).equal(1);
  });

  it('prove nothing', async () => {
    const account = await accountAt('coinex', () => ok([]));
    const scopes = (['trades', 'transfers', 'ledger'] as const).flatMap((type) =>
      account.historyScopes(type),
    );
    expect(scopes.map(({ id }) => id)).deep.equal(['spot', 'swap', 'deposits', 'withdrawals']);
    expect(scopes.every(({ countsNothing }) => countsNothing === true)).equal(true);
  });
});
