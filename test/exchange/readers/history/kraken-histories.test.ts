import { expect } from 'chai';
import type { HistoryDataType } from '#src/domain/data-type.js';
import type { TimeRange } from '#src/domain/time-range.js';
import { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { exchangeReaders } from '#src/exchange/exchange-readers.js';
import { subtract, sum } from '#src/ledger/decimal.js';
import { silentLogger } from '../../../support/silent-logger.js';
import { ExchangeServer } from '../../support/exchange-server.js';
import { answer, KRAKEN_KEY, KRAKEN_SECRET, KrakenRules } from '../../support/kraken-rules.js';
import { SkippingClock } from '../../support/skipping-clock.js';
import { readContext } from '../passing-session.js';
import { pagesOf } from './pages-of.js';

const NOW_MS = 1_758_190_052_000;
const DAY = 24 * 60 * 60_000;
const RANGE = { fromMs: NOW_MS - 10 * DAY, toMs: NOW_MS };

type Entry = Record<string, unknown> & { readonly time: number };

/** In seconds, with kraken's fraction. */
const ago = (ms: number) => (NOW_MS - ms) / 1000;

const entry = (type: string, asset: string, amount: string, fields: object = {}): Entry => ({
  refid: 'TSJTGT-DT7WN-GPPQMJ',
  time: ago(60_000.5),
  type,
  subtype: '',
  aclass: 'currency',
  asset,
  amount,
  fee: '0.0000000000',
  balance: '0.2855851000',
  ...fields,
});

const fill = (fields: object = {}): Entry => ({
  ordertxid: 'OSJVN7-A2AE-63WZV',
  postxid: 'TBP7O6-PNXI-CONU',
  pair: 'XXBTZEUR',
  time: ago(60_000.5),
  type: 'sell',
  ordertype: 'market',
  price: '72026.50000',
  cost: '7.20265',
  fee: '0.01873',
  vol: '0.00010000',
  margin: '0.00000',
  leverage: '0',
  misc: '',
  trade_id: 68230622,
  maker: false,
  ...fields,
});

describe('histories of kraken', () => {
  let server: ExchangeServer;
  let manager: ExchangeManager;
  let rules: KrakenRules;
  let asked: URLSearchParams[];

  beforeEach(async () => {
    const clock = new SkippingClock(NOW_MS);
    asked = [];
    rules = new KrakenRules(clock.now.bind(clock));
    server = await ExchangeServer.start(rules.route);
    manager = new ExchangeManager({
      settings: [
        { id: 'kraken', connection: { testnet: false, proxyUrl: server.url }, accountConnections: {} },
      ],
      credentials: {
        resolve: async () => ({ credentials: { apiKey: KRAKEN_KEY, secret: KRAKEN_SECRET }, source: 'test' }),
      },
      readers: exchangeReaders,
      clock,
      logger: silentLogger,
      emit: () => undefined,
      random: () => 0,
      callDeadlineMs: 120_000,
    });
  });
  afterEach(async () => {
    await manager.close();
    await server.close();
  });

  async function read<Type extends HistoryDataType>(dataType: Type, scope: string, range: TimeRange = RANGE) {
    const account = await manager.account({ exchange: 'kraken', account: 'main' }, readContext());
    return pagesOf(account, dataType, { scope, range });
  }

  /** By kraken's documentation: fifty, the newest first; `start` is exclusive, `end` inclusive, in seconds. */
  function list(entries: Readonly<Record<string, Entry>>, name: 'ledger' | 'trades') {
    return (query: URLSearchParams) => {
      asked.push(query);
      const [start, end, offset] = ['start', 'end', 'ofs'].map((field) => Number(query.get(field) ?? 0));
      const found = Object.entries(entries)
        .filter(([, { time }]) => time > (start ?? 0) && time <= (end ?? 0))
        .sort(([, left], [, right]) => right.time - left.time)
        .slice(offset, (offset ?? 0) + 50);
      return answer({ [name]: Object.fromEntries(found), count: Object.keys(entries).length });
    };
  }

  it('have the ledger, from which everything counts, less the fee', async () => {
    rules.private.Ledgers = list(
      {
        'L4UESK-KG3EQ-UFO4T5': entry('trade', 'XXBT', '-0.0001000000', { time: ago(60_000.5) }),
        'L4UESK-KG3EQ-UFO4T6': entry('trade', 'ZEUR', '7.2027', { fee: '0.0187', time: ago(60_001.5) }),
        'L4UESK-KG3EQ-UFO4T7': entry('withdrawal', 'XXBT', '-0.2805800000', { fee: '0.0050000000' }),
        'L4UESK-KG3EQ-UFO4T8': entry('something new', 'ZEUR', '1'),
      },
      'ledger',
    );
    const { records, rejected, covered } = await read('ledger', 'all');
    expect(rejected).deep.equal([]);
    expect(covered).deep.equal([RANGE]);
    const byId = new Map(records.map((record) => [record.id, record]));
    expect(byId.get('L4UESK-KG3EQ-UFO4T6')).deep.equal({
      id: 'L4UESK-KG3EQ-UFO4T6',
      kind: 'trade',
      rawKind: 'trade',
      currency: 'EUR',
      amount: '7.2027',
      feeCost: '0.0187',
      counts: true,
      wallet: 'spot',
      symbol: undefined,
      balanceAfter: '0.2855851000',
      reference: 'TSJTGT-DT7WN-GPPQMJ',
      timestampMs: NOW_MS - 60_002,
    });
    expect(byId.get('L4UESK-KG3EQ-UFO4T7')).include({
      kind: 'transfer',
      currency: 'BTC',
      amount: '-0.28058',
      feeCost: '0.0050000000',
    });
    expect(byId.get('L4UESK-KG3EQ-UFO4T8')).include({ kind: 'other', counts: true });
    expect(asked[0]?.get('without_count')).equal('true');
  });

  it('name what lies in kraken’s products as the balances do', async () => {
    rules.private.Ledgers = list(
      {
        A: entry('earn', 'XXBT', '-1.0000000000', { subtype: 'autoallocation' }),
        B: entry('earn', 'XBT.F', '1.0000000000', { subtype: 'autoallocation' }),
        C: entry('staking', 'DOT28.S', '0.5'),
      },
      'ledger',
    );
    const { records } = await read('ledger', 'all');
    expect(records.map(({ currency, wallet }) => `${currency} ${wallet}`).sort()).deep.equal([
      'BTC spot',
      'BTC spot.F',
      'DOT spot.28.S',
    ]);
    const btc = records.filter(({ currency }) => currency === 'BTC');
    expect(sum(btc.map(({ amount, feeCost = '0' }) => subtract(amount, feeCost)))).equal('0');
  });

  it('are read page by page, also where a second fills more than one', async () => {
    const entries = Object.fromEntries(
      Array.from({ length: 260 }, (_, index) => {
        const isBusy = index >= 80 && index < 200;
        const time = isBusy ? ago(500_000) + index / 1000 : ago(1000 + index * 10_000);
        return [`L${index}`, entry('trade', 'ZEUR', '1', { time })];
      }),
    );
    rules.private.Ledgers = list(entries, 'ledger');
    const { records, covered } = await read('ledger', 'all', { ...RANGE, fromMs: NOW_MS - 40 * DAY });
    expect(new Set(records.map(({ id }) => id)).size).equal(260);
    expect(records.length).equal(260);
    expect(covered).deep.equal([{ ...RANGE, fromMs: NOW_MS - 40 * DAY }]);
    expect(asked.some((query) => query.has('ofs'))).equal(true);
  });

  it('leave out what is not of the range, and have what is at its ends', async () => {
    const range = { fromMs: NOW_MS - 100_000, toMs: NOW_MS - 50_000 };
    const at = (ms: number) => entry('trade', 'ZEUR', '1', { time: ms / 1000 });
    rules.private.Ledgers = list(
      {
        before: at(range.fromMs - 1),
        first: at(range.fromMs),
        last: at(range.toMs - 1),
        after: at(range.toMs),
      },
      'ledger',
    );
    const { records, covered } = await read('ledger', 'all', range);
    expect(records.map(({ id }) => id).sort()).deep.equal(['first', 'last']);
    expect(covered).deep.equal([range]);
  });

  it('have fills, the money of which is in the ledger', async () => {
    rules.private.TradesHistory = list({ 'TDLH43-DVQXD-2KHVYY': fill() }, 'trades');
    const { records, rejected, covered } = await read('trades', 'spot');
    expect(rejected).deep.equal([]);
    expect(covered).deep.equal([RANGE]);
    expect(records).deep.equal([
      {
        symbol: 'BTC/EUR',
        tradeId: 'TDLH43-DVQXD-2KHVYY',
        side: 'sell',
        orderId: 'OSJVN7-A2AE-63WZV',
        kind: 'trade',
        flow: 'none',
        base: 'BTC',
        quote: 'EUR',
        settleCurrency: undefined,
        price: '72026.50000',
        amount: '0.00010000',
        cost: '7.20265',
        realizedPnl: undefined,
        feeCost: '0.01873',
        feeCurrency: 'EUR',
        role: 'taker',
        timestampMs: NOW_MS - 60_001,
      },
    ]);
  });

  it('have deposits and withdrawals by cursor, which change nothing here', async () => {
    const status = (refid: string, fields: object) => ({
      method: 'Ether (Hex)',
      aclass: 'currency',
      asset: 'XXBT',
      refid,
      txid: '0x57fd704dab1a73c20e24c8696099b695d596924b401b261513cfdab23',
      info: '0x615f9ba7a9575b0ab4d571b2b36b1b324bd83290',
      amount: '7.9999257900',
      fee: '0.0000000000',
      time: Math.floor(ago(60_000)),
      status: 'Success',
      ...fields,
    });
    rules.private.DepositStatus = (query: URLSearchParams) => {
      asked.push(query);
      return query.get('cursor') === 'true'
        ? answer({ deposit: [status('A', {}), status('B', { status: 'Settled' })], next_cursor: 'more' })
        : answer({ deposit: [status('C', { time: Math.floor(ago(90_000)) })], next_cursor: '' });
    };
    const { records, rejected, covered } = await read('transfers', 'deposits');
    expect(rejected).deep.equal([]);
    expect(covered).deep.equal([RANGE]);
    expect(records.map(({ id, status: state, change }) => [id, state, change])).deep.equal([
      ['A', 'ok', '0'],
      ['B', 'pending', '0'],
      ['C', 'ok', '0'],
    ]);
    expect(records[0]).include({
      currency: 'BTC',
      amount: '7.9999257900',
      toWallet: 'spot',
      kind: 'deposit',
    });
    expect(asked.map((query) => query.get('cursor'))).deep.equal(['true', 'more']);

    rules.private.WithdrawStatus = answer({
      withdrawals: [
        status('D', { amount: '9.9950000000', fee: '0.0050000000' }),
        status('E', { status: 'Failure' }),
        status('F', { status: 'Initial' }),
      ],
    });
    const out = await read('transfers', 'withdrawals');
    expect(out.records.map(({ status: state, change }) => [state, change])).deep.equal([
      ['ok', '0'],
      ['failed', '0'],
      ['pending', '0'],
    ]);
    expect(out.records[0]).include({ amount: '9.9950000000', feeCost: '0.0050000000', fromWallet: 'spot' });
  });

  it('are proven by the ledger alone', async () => {
    const account = await manager.account({ exchange: 'kraken', account: 'main' }, readContext());
    const scopes = (['trades', 'transfers', 'ledger'] as const).flatMap((type) =>
      account.historyScopes(type),
    );
    expect(scopes.filter((scope) => scope.countsNothing !== true).map(({ id }) => id)).deep.equal(['all']);
  });

  it('count twice as much as other calls', async () => {
    rules.private.Ledgers = list({}, 'ledger');
    const before = server.requests.length;
    for (let call = 0; call < 9; call += 1) await read('ledger', 'all');
    const times = server.requests.slice(before).filter(({ path }) => path.endsWith('/Ledgers'));
    expect(times.length).equal(9);
    const account = await manager.account({ exchange: 'kraken', account: 'main' }, readContext());
    // Fifteen in 45 seconds: seven of them, and then the others.
    expect(account.exchangeTimeMs() - NOW_MS).within(44_000, 60_000);
  });
});
