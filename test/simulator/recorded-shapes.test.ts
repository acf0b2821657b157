import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { Quoted, shape } from './json-shape.js';
import { type Answer, askBinance, askBybit, askPublic } from './simulated-http.js';

const BYBIT = 'https://api.bybit.com';
const BINANCE = 'https://api.binance.com/api/v3';

/** Of orders with a slippage limit, which nobody here places, and of fees by coin, whose keys are coins. */
const NEWER_ORDER_FIELDS = [
  'result.list[].slippageTolerance',
  'result.list[].slippageToleranceType',
  'result.list[].extraFees',
  'result.list[].cumFeeDetail',
];

/** Numbers and classes of symbols that bybit added in 2026, and terms of tokenised stocks. */
const SYMBOL_CLASSES = ['symbolId', 'symbolType', 'xstockMultiplier'].map((name) => `result.list[].${name}`);

const RECORDED = process.env.EXCHANGE_SYNC_RECORDED_DIR ?? '';

interface Endpoint {
  readonly name: string;
  /** Files below `wire/`, or `method` of a ccxt-static file; all of them recordings of the same endpoint. */
  readonly recordings: readonly unknown[];
  readonly ask: (simulator: Simulator) => Promise<Answer>;
  /** Fields of the recordings that the simulator leaves out, each for a reason that its name tells. */
  readonly leftOut?: readonly string[];
}

/** Recorded bodies that nobody of this project wrote against what the simulator serves, field by field. */
describe('the simulator beside recorded answers', () => {
  let simulator: Simulator;

  before(async () => {
    simulator = await startSimulator({ seed: 'recorded' });
    simulator.world.advance();
  });

  after(async () => {
    await simulator.stop();
  });

  if (RECORDED === '') {
    it.skip('is not compared: EXCHANGE_SYNC_RECORDED_DIR is not set');
    return;
  }

  for (const { name, recordings, ask, leftOut = [] } of endpoints()) {
    it(name, async () => {
      const answer = await ask(simulator);
      expect(answer.status, answer.text.slice(0, 300)).to.equal(200);
      const recorded = shape(recordings);
      const served = shape([answer.json]);
      const common = [...recorded.keys()].filter((path) => served.has(path));
      for (const path of common) {
        const allowed = recorded.get(path) ?? new Set();
        for (const type of served.get(path) ?? []) {
          expect([...allowed], `${path} is ${type} in the simulator`).to.include(type);
        }
      }
      const missing = [...recorded.keys()].filter((path) => !served.has(path) && !isBelow(path, leftOut));
      expect(missing, 'recorded fields that the simulator does not serve').to.deep.equal([]);
      expect(common.length).to.be.greaterThan(0);
    });
  }
});

function endpoints(): readonly Endpoint[] {
  return [
    {
      name: 'bybit instruments-info, spot',
      recordings: instrumentRecordings('spot', 'spot_xstocks'),
      ask: instruments('spot'),
      leftOut: SYMBOL_CLASSES,
    },
    {
      name: 'bybit instruments-info, linear',
      recordings: instrumentRecordings('linear', 'linear_symbol_type'),
      ask: instruments('linear'),
      leftOut: SYMBOL_CLASSES,
    },
    {
      name: 'bybit instruments-info, inverse',
      recordings: instrumentRecordings('inverse', 'inverse_symbol_type'),
      ask: instruments('inverse'),
      leftOut: SYMBOL_CLASSES,
    },
    {
      name: 'bybit instruments-info, option',
      recordings: instrumentRecordings('option', 'option_symbol_id'),
      ask: instruments('option'),
      leftOut: SYMBOL_CLASSES,
    },
    {
      name: 'bybit tickers, spot',
      recordings: [publicTickers()],
      ask: (simulator) => askPublic(simulator, 'bybit', `${BYBIT}/v5/market/tickers?category=spot`),
    },
    {
      name: 'bybit tickers, linear',
      recordings: fromStatic('bybit', 'fetchTicker'),
      ask: (simulator) => askPublic(simulator, 'bybit', `${BYBIT}/v5/market/tickers?category=linear`),
    },
    {
      name: 'bybit wallet-balance',
      recordings: [
        wire('bybit/http_get_wallet_balance.json'),
        wire('bybit/http_get_wallet_balance_spot_short.json'),
        ...fromStatic('bybit', 'fetchBalance'),
      ],
      ask: (simulator) => askBybit(simulator, '/v5/account/wallet-balance', { accountType: 'UNIFIED' }),
    },
    {
      name: 'bybit position/list',
      recordings: [wire('bybit/http_get_positions.json'), ...fromStatic('bybit', 'fetchPosition')],
      ask: (simulator) =>
        askBybit(simulator, '/v5/position/list', { category: 'linear', settleCoin: 'USDT' }),
    },
    {
      name: 'bybit order/realtime',
      recordings: [
        wire('bybit/http_get_orders_realtime.json'),
        wire('bybit/http_get_orders_realtime_tp_sl.json'),
        ...fromStatic('bybit', 'fetchClosedOrders'),
      ],
      ask: (simulator) =>
        askBybit(simulator, '/v5/order/realtime', { category: 'linear', settleCoin: 'USDT' }),
      leftOut: NEWER_ORDER_FIELDS,
    },
    {
      name: 'bybit order/history',
      recordings: [wire('bybit/http_get_orders_history.json'), ...fromStatic('bybit', 'fetchClosedOrders')],
      ask: (simulator) => askBybit(simulator, '/v5/order/history', { category: 'linear' }),
      leftOut: NEWER_ORDER_FIELDS,
    },
    {
      name: 'bybit user/query-api',
      recordings: [wire('bybit/http_get_user_query_api.json')],
      ask: (simulator) => askBybit(simulator, '/v5/user/query-api'),
      // Lists that are empty for a key that may only read.
      leftOut: ['result.permissions'],
    },
    {
      name: 'bybit account/info',
      recordings: [wire('bybit/http_get_account_info.json')],
      ask: (simulator) => askBybit(simulator, '/v5/account/info'),
    },
    {
      name: 'binance time',
      recordings: [wire('binance/spot/server_time_response.json')],
      ask: (simulator) => askPublic(simulator, 'binance', `${BINANCE}/time`),
    },
    {
      name: 'binance exchangeInfo',
      recordings: [wire('binance/spot/exchange_info_response.json')],
      ask: (simulator) => askPublic(simulator, 'binance', `${BINANCE}/exchangeInfo`),
    },
    {
      name: 'binance ticker/24hr',
      recordings: [wire('binance/spot/ticker_24hr_response.json')],
      ask: (simulator) => askPublic(simulator, 'binance', `${BINANCE}/ticker/24hr?symbol=BNBBTC`),
    },
    {
      name: 'binance account',
      recordings: [wire('binance/spot/account_response.json')],
      ask: (simulator) => askBinance(simulator, `${BINANCE}/account`),
    },
    {
      name: 'binance openOrders',
      recordings: [wire('binance/spot/open_orders_response.json')],
      ask: (simulator) => askBinance(simulator, `${BINANCE}/openOrders`),
    },
    {
      name: 'binance allOrders',
      recordings: [wire('binance/spot/all_orders_response.json')],
      ask: (simulator) => askBinance(simulator, `${BINANCE}/allOrders`, { symbol: 'ETHUSDT' }),
    },
    {
      name: 'binance USD-M v2 account',
      recordings: [wire('binance/futures/account_info_v2.json')],
      ask: (simulator) => askBinance(simulator, 'https://fapi.binance.com/fapi/v2/account'),
    },
    {
      name: 'binance USD-M v3 account',
      recordings: fromStatic('binance', 'fetchBalance', 0),
      ask: (simulator) => askBinance(simulator, 'https://fapi.binance.com/fapi/v3/account'),
    },
    {
      name: 'binance USD-M balance',
      recordings: [wire('binance/futures/balance.json')],
      ask: (simulator) => askBinance(simulator, 'https://fapi.binance.com/fapi/v3/balance'),
    },
    {
      name: 'binance USD-M v2 positionRisk',
      recordings: [wire('binance/futures/position_risk.json')],
      ask: (simulator) => askBinance(simulator, 'https://fapi.binance.com/fapi/v2/positionRisk'),
    },
    {
      name: 'binance USD-M v3 positionRisk',
      recordings: fromStatic('binance', 'fetchPositions', 0),
      ask: (simulator) => askBinance(simulator, 'https://fapi.binance.com/fapi/v3/positionRisk'),
    },
  ];
}

function instrumentRecordings(...names: readonly string[]): readonly unknown[] {
  return names.map((name) => wire(`bybit/http_get_instruments_${name}.json`));
}

function instruments(category: string): Endpoint['ask'] {
  return (simulator) =>
    askPublic(simulator, 'bybit', `${BYBIT}/v5/market/instruments-info?category=${category}`);
}

function read(path: string): unknown {
  return JSON.parse(readFileSync(join(RECORDED, path), 'utf8'));
}

function wire(path: string): unknown {
  return read(`wire/${path}`);
}

/** The recorder of these quoted every number, so that its strings may be numbers on the wire. */
function fromStatic(exchange: string, method: string, only?: number): readonly unknown[] {
  const { methods } = read(`ccxt-static/${exchange}.json`) as {
    methods: Record<string, { httpResponse: unknown }[]>;
  };
  const cases = (methods[method] ?? []).map(({ httpResponse }) => new Quoted(httpResponse));
  return only === undefined ? cases : cases.slice(only, only + 1);
}

function publicTickers(): unknown {
  return (read('public/bybit-spot-tickers.json') as { http_response: unknown }).http_response;
}

function isBelow(path: string, prefixes: readonly string[]): boolean {
  return prefixes.some(
    (prefix) => path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`),
  );
}
