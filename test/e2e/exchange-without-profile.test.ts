import { expect } from 'chai';
import type { SyncReport } from '#src/domain/report.js';
import { ExchangeServer, type Route } from '../exchange/support/exchange-server.js';
import { useSandbox } from './support/sandbox.js';

const SPOT_MARKETS = [
  ['BTCUSDT', 'BTC', 'USDT'],
  ['ETHUSDT', 'ETH', 'USDT'],
  ['LTCBTC', 'LTC', 'BTC'],
].map(([market, base, quote]) => ({
  market,
  base_ccy: base,
  quote_ccy: quote,
  base_ccy_precision: 8,
  quote_ccy_precision: 8,
  min_amount: '0.0001',
  maker_fee_rate: '0.002',
  taker_fee_rate: '0.002',
  is_amm_available: false,
  is_margin_available: false,
  is_pre_market_trading_available: false,
  status: 'online',
}));

const SWAP_MARKET = {
  market: 'BTCUSDT',
  contract_type: 'linear',
  base_ccy: 'BTC',
  quote_ccy: 'USDT',
  base_ccy_precision: 8,
  quote_ccy_precision: 2,
  min_amount: '0.0001',
  maker_fee_rate: '0.0003',
  taker_fee_rate: '0.0005',
  leverage: ['1', '100'],
  open_interest_volume: '1',
  status: 'online',
  is_market_available: true,
};

const POSITION = {
  position_id: 305891033,
  market: 'BTCUSDT',
  market_type: 'FUTURES',
  side: 'long',
  margin_mode: 'cross',
  close_avbl: '0.0125',
  unrealized_pnl: '-1.25',
  avg_entry_price: '62336.8',
  leverage: '3',
  liq_price: '0',
  created_at: 1715152208041,
  updated_at: 1715152209000,
};

const ORDER = {
  order_id: 117178743547,
  market: 'ETHUSDT',
  market_type: 'SPOT',
  side: 'buy',
  type: 'limit',
  amount: '0.5',
  filled_amount: '0.1',
  unfilled_amount: '0.4',
  filled_value: '310.01',
  price: '3100.1',
  created_at: 1714114386250,
  updated_at: 1714114386250,
};

const DAY_MS = 24 * 60 * 60_000;

/** What the exchange serves by path; a test changes it. */
const served: Record<string, readonly object[]> = {
  '/v2/spot/market': SPOT_MARKETS,
  '/v2/futures/market': [SWAP_MARKET],
  '/v2/spot/ticker': [
    { market: 'BTCUSDT', last: '62393.47', close: '62393.47' },
    { market: 'ETHUSDT', last: '3150.5', close: '3150.5' },
    { market: 'LTCBTC', last: '0.00131', close: '0.00131' },
  ],
  '/v2/assets/spot/balance': [
    { ccy: 'USDT', available: '1000.000000000000000001', frozen: '1240.04' },
    { ccy: 'BTC', available: '0.1', frozen: '0' },
    { ccy: 'LTC', available: '5', frozen: '0' },
  ],
  '/v2/futures/pending-position': [POSITION],
  '/v2/spot/pending-order': [ORDER],
};

const serve: Route = ({ path }) =>
  path === '/v2/time'
    ? { code: 0, data: { timestamp: Date.now() }, message: 'OK' }
    : { code: 0, data: served[path] ?? [], message: 'OK' };

describe('an exchange without a profile', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ exchanges: [] });
  let server: ExchangeServer;

  before(async () => {
    server = await ExchangeServer.start(serve);
  });
  after(() => server.close());

  async function sync(): Promise<readonly SyncReport[]> {
    const { code, stdout, stderr } = await sandbox.run(
      ['run', '--one-time', '--json', '--exchanges', 'coinex'],
      {
        env: {
          COINEX_PROXY_URL: server.url,
          COINEX_OPENED_ON: new Date(Date.now() - DAY_MS).toISOString().slice(0, 10),
          COINEX_API_KEY: 'invented-key',
          COINEX_API_SECRET: 'invented-secret',
        },
      },
    );
    expect(code, stdout + stderr).to.equal(0);
    return JSON.parse(stdout) as SyncReport[];
  }

  it('has its rows in the database as it serves them', async () => {
    const reports = await sync();
    expect(reports.map(({ dataType, status, itemsSynced }) => [dataType, status, itemsSynced])).to.deep.equal(
      [
        ['balances', 'ok', 3],
        ['positions', 'ok', 1],
        ['orders', 'ok', 1],
        ['prices', 'ok', 3],
        ['transfers', 'ok', 0],
        ['trades', 'ok', 0],
        ['portfolio', 'ok', 3],
      ],
    );
    const { balances, positions, orders, prices } = await sandbox.stored.mirror();
    const account = { exchange: 'coinex', account: 'main' };
    expect(balances).to.have.deep.members([
      {
        ...account,
        wallet: 'spot',
        currency: 'USDT',
        available: '1000.000000000000000001',
        locked: '1240.04',
        total: '2240.040000000000000001',
      },
      { ...account, wallet: 'spot', currency: 'BTC', available: '0.1', locked: '0', total: '0.1' },
      { ...account, wallet: 'spot', currency: 'LTC', available: '5', locked: '0', total: '5' },
    ]);
    expect(positions).to.have.length(1);
    expect(positions[0]).to.deep.include({
      ...account,
      symbol: 'BTC/USDT:USDT',
      side: 'long',
      marginMode: 'cross',
      contracts: '0.0125',
      entryPrice: '62336.8',
      unrealizedPnl: '-1.25',
      settleCurrency: 'USDT',
    });
    expect(orders).to.have.length(1);
    expect(orders[0]).to.deep.include({
      ...account,
      symbol: 'ETH/USDT',
      orderId: '117178743547',
      side: 'buy',
      price: '3100.1',
      amount: '0.5',
      filled: '0.1',
      remaining: '0.4',
    });
    expect(prices).to.have.deep.members([
      { exchange: 'coinex', base: 'BTC', quote: 'USDT', price: '62393.47', source: 'last' },
      { exchange: 'coinex', base: 'ETH', quote: 'USDT', price: '3150.5', source: 'last' },
      { exchange: 'coinex', base: 'LTC', quote: 'BTC', price: '0.00131', source: 'last' },
    ]);
    const [litecoin] = await sandbox.stored.query(
      `SELECT quantity::text, current_price::text, value::text FROM :portfolio_items WHERE asset = 'LTC'`,
    );
    expect(litecoin).to.deep.equal({ quantity: '5', current_price: '81.7354457', value: '408.6772285' });
  });

  it('has what is gone written as gone', async () => {
    served['/v2/assets/spot/balance'] = [{ ccy: 'USDT', available: '1', frozen: '0' }];
    served['/v2/futures/pending-position'] = [];
    served['/v2/spot/pending-order'] = [];
    const nowMs = Date.now();
    served['/v2/spot/finished-order'] = [
      {
        ...ORDER,
        filled_amount: '0.5',
        unfilled_amount: '0',
        filled_value: '1550.05',
        created_at: nowMs - 60_000,
        updated_at: nowMs,
      },
    ];
    await sync();
    const { positions, orders } = await sandbox.stored.mirror();
    expect(positions).to.deep.equal([]);
    expect(orders).to.deep.equal([]);
    const totals = await sandbox.stored.query(
      'SELECT currency, total::text FROM :exchange_balances ORDER BY 1',
    );
    expect(totals).to.deep.equal([
      { currency: 'BTC', total: '0' },
      { currency: 'LTC', total: '0' },
      { currency: 'USDT', total: '1' },
    ]);
    const ended = await sandbox.stored.query(
      'SELECT status, filled::text, average::text FROM :exchange_orders',
    );
    expect(ended).to.deep.equal([{ status: 'closed', filled: '0.5', average: '3100.1' }]);
  });
});
