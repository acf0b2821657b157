import { expect } from 'chai';
import { findDifferences } from '#src/cli/demo/differences.js';
import type { SyncReport } from '#src/domain/report.js';
import type { OrderTruth } from '#src/simulator/truth.js';
import type { SimulatedAccount } from '#src/simulator/world/account.js';
import { demoPlan } from '#src/simulator/world/presets/demo.js';
import type { WorldPlan } from '#src/simulator/world/world-plan.js';
import { expectTrueHistory, NOTHING } from './proven-worlds/expectations.js';
import { historyOf } from './proven-worlds/history-truth.js';
import { useSandbox } from './support/sandbox.js';

/** The demo's three accounts and one that holds nothing. */
function plan(startMs: number): WorldPlan {
  const { accounts } = demoPlan(startMs);
  return { accounts: [...accounts, { exchange: 'bybit', account: 'empty', holdings: [] }] };
}

describe('what the database holds', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ plan });
  const account = (exchange: string, name: string): SimulatedAccount => {
    const found = sandbox.simulator.world.account(exchange, name);
    if (found === undefined) throw new Error(`there is no ${exchange}/${name}`);
    return found;
  };

  /** One of the accounts has a key that may not read its funding wallet. */
  async function sync(): Promise<readonly SyncReport[]> {
    const { stdout, stderr, code } = await sandbox.run(['run', '--one-time', '--json']);
    expect(code, stderr).to.equal(3);
    return JSON.parse(stdout) as SyncReport[];
  }

  async function expectTruth(): Promise<void> {
    const { simulator, stored } = sandbox;
    expect(findDifferences(await stored.mirror(), simulator.truth())).to.deep.equal([]);
  }

  function total(exchange: string, name: string, wallet: string, currency: string) {
    return sandbox.stored.query<{ total: string }>(
      `SELECT total::text FROM :exchange_balances
       WHERE exchange_id = $1 AND account = $2 AND wallet = $3 AND currency = $4`,
      [exchange, name, wallet, currency],
    );
  }

  describe('after the first sync', () => {
    let reports: readonly SyncReport[];

    before('sync', async () => {
      reports = await sync();
    });

    it('is what is true at the exchanges', async () => {
      await expectTruth();
      const unlike = reports.filter(({ status }) => status !== 'ok');
      expect(unlike.map(({ account: name, dataType, status }) => [name, dataType, status])).to.deep.equal([
        ['sub1', 'balances', 'partial'],
        ['sub1', 'transfers', 'partial'],
        ['sub1', 'ledger', 'partial'],
        ['sub1', 'portfolio', 'partial'],
      ]);
      const history = await sandbox.stored.query('SELECT run_id FROM :sync_history');
      expect(history.map(({ run_id }) => run_id)).to.have.members(reports.map(({ runId }) => runId));
    });

    it('is what happened, to the last digit, where the key may read all of it', async () => {
      const { code, stderr } = await sandbox.run(['backfill']);
      expect(code, stderr).to.equal(3);
      const { simulator, stored } = sandbox;
      const readable = simulator.world.accounts.filter((each) => each.unreadableWallets().length === 0);
      const counts = { ...NOTHING };
      const histories = () => readable.map((each) => historyOf(simulator, each));
      await expectTrueHistory({ histories }, stored, counts);
      expect(counts.fills).to.be.at.least(200);
      expect(Math.min(counts.transfers, counts.ledger)).to.be.at.least(50);
    });

    it('keeps debts, dust, and the balances of an account that holds nothing', async () => {
      const [debt] = await total('bybit', 'sub1', 'UNIFIED', 'USDT');
      expect(debt?.total).to.match(/^-\d+\.\d+$/);
      expect(await total('bybit', 'main', 'UNIFIED', 'ARB')).to.deep.equal([
        { total: '0.000000000000000001' },
      ]);
      expect(await total('bybit', 'main', 'UNIFIED', 'SOL')).to.deep.equal([{ total: '-12.5' }]);
      const states = await sandbox.stored.query(
        `SELECT data_type, status FROM :sync_status WHERE account = 'empty' AND status IS NOT NULL ORDER BY 1`,
      );
      expect(states).to.deep.equal(
        ['balances', 'ledger', 'orders', 'portfolio', 'positions', 'trades', 'transfers'].map(
          (data_type) => ({
            data_type,
            status: 'ok',
          }),
        ),
      );
    });
  });

  describe('after a day of trading', () => {
    let openBefore: readonly OrderTruth[];
    let vanished: string;

    before('trade, and sync', async () => {
      const { simulator } = sandbox;
      openBefore = openOrders();
      const { orders } = account('bybit', 'sub1');
      const at = orders.findLastIndex(({ state, market }) => state === 'new' && market.kind === 'spot');
      vanished = orders[at]?.id ?? '';
      simulator.world.advance();
      orders.splice(
        orders.findIndex(({ id }) => id === vanished),
        1,
      );
      const market = simulator.world.marketsOf('bybit', 'spot').find(({ symbol }) => symbol === 'ADA/USDT');
      if (market) market.prices = { ...market.prices, last: undefined, bid: undefined, ask: undefined };
      await sync();
    });

    function openOrders(): readonly OrderTruth[] {
      return Object.values(sandbox.simulator.truth().exchanges).flatMap(({ accounts }) =>
        Object.values(accounts).flatMap(({ openOrders }) => openOrders),
      );
    }

    /** What the exchanges still tell of ended orders. */
    function endings(): ReadonlyMap<string, string> {
      const { exchanges, timestampMs } = sandbox.simulator.truth();
      return new Map(
        Object.entries(exchanges).flatMap(([exchange, { accounts }]) =>
          Object.values(accounts).flatMap(({ endedOrders }) =>
            endedOrders.map((order) => [
              order.orderId,
              isForgotten(exchange, order, timestampMs) ? 'unknown' : order.status,
            ]),
          ),
        ),
      );
    }

    it('is what is true again', expectTruth);

    it('keeps the row of a coin that was sold out, with 0', async () => {
      for (const [exchange, name, wallet, currency] of [
        ['bybit', 'main', 'UNIFIED', 'XRP'],
        ['bybit', 'sub1', 'UNIFIED', 'ADA'],
        ['binance', 'main', 'MAIN', 'SOL'],
      ] as const) {
        expect(await total(exchange, name, wallet, currency), currency).to.deep.equal([{ total: '0' }]);
      }
    });

    it('keeps closed positions with 0 and the time', async () => {
      const closed = await sandbox.stored.query(
        `SELECT account, symbol, contracts::text, quantity::text, closed_at IS NOT NULL AS closed
         FROM :exchange_positions WHERE exchange_id = 'bybit' AND (closed_at IS NOT NULL OR contracts = 0)
         ORDER BY 1, 2`,
      );
      expect(closed).to.deep.equal([
        { account: 'main', symbol: 'BTC/USDT:USDT', contracts: '0', quantity: '0', closed: true },
        { account: 'sub1', symbol: 'SOL/USDT:USDT', contracts: '0', quantity: '0', closed: true },
      ]);
    });

    it('knows how each order ended, and calls unknown what vanished without a record', async () => {
      const ended = endings();
      const gone = openBefore.filter(({ orderId }) => ended.has(orderId) || orderId === vanished);
      const rows = await sandbox.stored.query<{ order_id: string; status: string }>(
        'SELECT order_id, status FROM :exchange_orders WHERE order_id = ANY($1)',
        [gone.map(({ orderId }) => orderId)],
      );
      const statuses = new Set(rows.map(({ status }) => status));
      expect([...statuses]).to.include.members(['closed', 'canceled', 'unknown']);
      expect(Object.fromEntries(rows.map((row) => [row.order_id, row.status]))).to.deep.equal(
        Object.fromEntries(gone.map(({ orderId }) => [orderId, ended.get(orderId) ?? 'unknown'])),
      );
    });

    it('keeps a price that the exchange no longer has, and since when it has none', async () => {
      const rows = await sandbox.stored.query<{ price: string; old: boolean }>(
        `SELECT price > 0 AS priced, observed_until < now() AS old FROM :exchange_prices
         WHERE exchange_id = 'bybit' AND base = 'ADA' AND quote = 'USDT'`,
      );
      expect(rows).to.deep.equal([{ priced: true, old: true }]);
    });
  });

  describe('after a week of trading', () => {
    it('is what is true, and a wrong digit is found and mended by the next sync', async () => {
      for (let step = 0; step < 6; step += 1) sandbox.simulator.world.advance();
      await sync();
      await expectTruth();

      await sandbox.stored.query(
        `UPDATE :exchange_balances SET total = total + 0.00000001
       WHERE account = 'sub1' AND wallet = 'UNIFIED' AND currency = 'ETH'`,
      );
      const found = findDifferences(await sandbox.stored.mirror(), sandbox.simulator.truth());
      expect(found.map(({ row, field }) => [row, field])).to.deep.equal([
        ['bybit/sub1 balance UNIFIED ETH', 'total'],
      ]);

      await sync();
      await expectTruth();
    });
  });
});

const DAY_MS = 24 * 60 * 60_000;

/** binance's futures drop a cancelled order without fills three days after it was made (docs: "Query Order"). */
function isForgotten(
  exchange: string,
  { symbol, status, filled, timestampMs = 0 }: OrderTruth,
  nowMs: number,
): boolean {
  const unfilled = status === 'canceled' && (filled ?? '0') === '0';
  return exchange === 'binance' && symbol.includes(':') && unfilled && timestampMs < nowMs - 3 * DAY_MS;
}
