import { expect } from 'chai';
import type { Credentials } from '#src/credentials/credentials.js';
import type { OrderRecord } from '#src/domain/records.js';
import type { ScopeRead } from '#src/domain/scope-read.js';
import type { AccountClient } from '#src/exchange/exchange-client.js';
import type { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { okx } from '#src/exchange/profiles/okx.js';
import { compare } from '#src/ledger/decimal.js';
import { type Simulator, type SimulatorOptions, startSimulator } from '#src/simulator/simulator.js';
import type { AccountTruth } from '#src/simulator/truth.js';
import { okxPlan } from '#src/simulator/world/presets/okx.js';
import { readContext, rejection } from './support/managed.js';
import { simulatedManager } from './support/simulated-manager.js';

interface StartOptions extends SimulatorOptions {
  readonly credentials?: Credentials;
  readonly callDeadlineMs?: number;
}

/** The simulator checks signatures, passphrases, times, keys and limits as the exchange does. */
describe('a simulated okx', () => {
  let simulator: Simulator;
  let manager: ExchangeManager;
  let events: string[];

  async function start(
    account = 'main',
    { credentials = {}, callDeadlineMs = 120_000, ...options }: StartOptions = {},
  ): Promise<AccountClient> {
    simulator = await startSimulator({ seed: 'okx', plan: okxPlan, ...options });
    events = [];
    manager = simulatedManager({ simulator, exchange: 'okx', credentials, callDeadlineMs, events });
    return manager.account({ exchange: 'okx', account }, readContext());
  }

  afterEach(async () => {
    await manager.close();
    await simulator.stop();
  });

  const truthOf = (account: string): AccountTruth => simulator.truth().exchanges.okx!.accounts[account]!;

  async function recordsOf<Row>(
    scopes: readonly { id: string }[],
    read: (scope: string) => Promise<ScopeRead<Row>>,
  ): Promise<Row[]> {
    const records: Row[] = [];
    for (const { id } of scopes) {
      const found = await read(id);
      expect(found.rejected, id).to.deep.equal([]);
      records.push(...found.records);
    }
    return records;
  }

  async function expectTruth(client: AccountClient, account: string): Promise<void> {
    const truth = truthOf(account);
    const wallets = okx.balances.filter(({ wallet }) => !truth.unreadableWallets.includes(wallet));
    const balances = await recordsOf(wallets, (scope) => client.readBalances(scope, readContext()));
    same(
      balances.map((row) => [`${row.wallet} ${row.currency}`, pick(row, BALANCE)]),
      truth.balances
        .filter(({ wallet, total }) => !truth.unreadableWallets.includes(wallet) && compare(total, '0') !== 0)
        .map((row) => [`${row.wallet} ${row.currency}`, pick(row, BALANCE)]),
    );
    const positions = await recordsOf(okx.positions, (scope) => client.readPositions(scope, readContext()));
    same(
      positions.map((row) => [`${row.symbol} ${row.side} ${row.marginMode}`, pick(row, POSITION)]),
      truth.positions.map((row) => [`${row.symbol} ${row.side} ${row.marginMode}`, pick(row, POSITION)]),
    );
    const open = await recordsOf(okx.openOrders, (scope) => client.readOpenOrders(scope, readContext()));
    same(open.map(orderOf), truth.openOrders.map(orderOf));
  }

  for (const account of ['main', 'sub1', 'empty']) {
    it(`is read as it is: ${account}, over several rounds of trading`, async () => {
      const client = await start(account);
      for (let round = 0; round < 3; round += 1) {
        await expectTruth(client, account);
        for (let step = 0; step < 3; step += 1) simulator.world.advance();
      }
      const refused = simulator.requests.counts().filter(({ statuses }) => statuses['429'] !== undefined);
      expect(refused).to.deep.equal([]);
    });
  }

  it('tells of every order that ended within a day, cancelled ones too', async () => {
    const client = await start();
    const before = new Set(truthOf('main').endedOrders.map(({ orderId }) => orderId));
    for (let round = 0; round < 3; round += 1) simulator.world.advance();
    const dayAgoMs = Date.now() - 24 * 3_600_000;
    const ended = truthOf('main').endedOrders.filter(({ orderId }) => !before.has(orderId));
    const recent = await recordsOf(okx.recentOrders, (scope) =>
      client.readRecentOrders(scope, [], readContext()),
    );
    const plain = ended.filter(
      ({ conditional, timestampMs }) => !conditional && (timestampMs ?? 0) >= dayAgoMs,
    );
    expect(plain.map(({ status }) => status)).to.include.members(['closed']);
    for (const order of plain) {
      const found = recent.find(({ orderId }) => orderId === order.orderId);
      expect(found && orderOf(found), order.orderId).to.deep.equal(orderOf(order));
    }
    const old = ended.filter((order) => !plain.includes(order));
    expect(old.some(({ conditional }) => conditional)).to.equal(true);
    for (const order of old) {
      const scope = order.conditional ? `algo:${order.orderType}` : typeOf(order.symbol);
      const found = await client.readOrder(scope, order.symbol, order.orderId, readContext());
      expect(found && orderOf(found), order.orderId).to.deep.equal(orderOf(order));
    }
  });

  it('prices every spot market as it does', async () => {
    await start();
    const market = await manager.marketData('okx', readContext());
    const { records } = await market.readPrices('spot', readContext());
    const price = ({ base, quote, price, source }: (typeof records)[number]) => [
      `${base}/${quote}`,
      `${source} ${Number(price)}`,
    ];
    const expected = simulator.truth().exchanges.okx!.prices;
    expect(expected.length).to.be.greaterThan(10);
    expect(Object.fromEntries(records.map(price))).to.deep.equal(Object.fromEntries(expected.map(price)));
  });

  it('takes one request for a scope and page', async () => {
    const client = await start('sub1');
    await client.readBalances('wallet=TRADING', readContext());
    const context = readContext();
    await client.readOpenOrders('SPOT', context);
    await client.readOpenOrders('algo:trigger', context);
    // 230 and 130 orders in pages of 100.
    expect(context.meter.requests).to.equal(5);
  });

  it('is read although its clock is forty seconds ahead', async () => {
    const client = await start('main', { clockOffsetMs: 40_000 });
    expect((await client.readBalances('wallet=TRADING', readContext())).records).to.not.have.lengthOf(0);
  });

  const REFUSED: [string, Credentials, RegExp][] = [
    ['a wrong passphrase', { password: 'PASS-canary' }, /OKX_API_PASSWORD/],
    ['a wrong secret', { secret: 'SECRET-canary' }, /OKX_API_SECRET/],
    ['a key that it does not know', { apiKey: 'KEY-canary' }, /API key/],
  ];
  for (const [what, credentials, advice] of REFUSED) {
    it(`refuses ${what} once, and nothing of it is repeated`, async () => {
      const client = await start('main', { credentials });
      simulator.requests.reset();
      const error = await rejection(client.readBalances('wallet=TRADING', readContext()));
      expect(error).to.include({ code: 'AUTHENTICATION_FAILED' });
      expect(error.message).to.match(advice);
      expect(JSON.stringify([error.message, error.details, String(error.cause)])).to.not.include('canary');
      expect(await rejection(client.readBalances('wallet=TRADING', readContext()))).to.include({
        code: 'ACCOUNT_SUSPENDED',
      });
      const signed = simulator.requests.counts().filter(({ path }) => path.includes('/account/'));
      expect(signed.map(({ count }) => count)).to.deep.equal([1]);
      expect(events).to.deep.equal(['account:suspended']);
    });
  }

  it('is unknown, and not empty, where it answers without an account', async () => {
    const client = await start('main', { callDeadlineMs: 4_000 });
    const body = JSON.stringify({ code: '0', data: [], msg: '' });
    simulator.faults.add({
      match: { path: '/account/balance' },
      effect: { kind: 'respond', status: 200, body },
    });
    const error = await rejection(client.readBalances('wallet=TRADING', readContext()));
    expect(error).to.include({ code: 'EXCHANGE_BAD_RESPONSE' });
  });

  it("names the subaccount's own variable for its passphrase", async () => {
    const client = await start('sub1', { credentials: { password: 'wrong' } });
    const error = await rejection(client.readBalances('wallet=TRADING', readContext()));
    expect(error.message).to.include('OKX_SUB1_API_PASSWORD');
  });

  it('may keep one wallet from a key, which reads on', async () => {
    const client = await start('sub1');
    expect(await rejection(client.readBalances('wallet=FUNDING', readContext()))).to.include({
      code: 'PERMISSION_DENIED',
    });
    expect((await client.readBalances('wallet=TRADING', readContext())).records).to.not.have.lengthOf(0);
    expect(events).to.deep.equal([]);
  });

  it('is left alone after it refused one request too many', async () => {
    const client = await start('main', { callDeadlineMs: 4_000 });
    await client.readBalances('wallet=TRADING', readContext());
    simulator.faults.add({ match: { path: '/account/balance' }, effect: { kind: 'code', code: '50011' } });
    simulator.requests.reset();
    expect(await rejection(client.readBalances('wallet=TRADING', readContext()))).to.include({
      code: 'RATE_LIMITED',
    });
    const refused = simulator.requests.counts().map(({ statuses }) => statuses['429']);
    expect(refused).to.deep.equal([1]);
    // Its other endpoints wait as well, and a wait that would outlast the call is refused at once.
    simulator.requests.reset();
    expect(await rejection(client.readPositions('all', readContext()))).to.include({ code: 'RATE_LIMITED' });
    expect(simulator.requests.counts()).to.deep.equal([]);
  });
});

const BALANCE = ['available', 'locked', 'total'] as const;
const POSITION = [
  'quantity',
  'contracts',
  'entryPrice',
  'markPrice',
  'unrealizedPnl',
  'leverage',
  'liquidationPrice',
  'settleCurrency',
] as const;
const ORDER = [
  'orderType',
  'side',
  'price',
  'triggerPrice',
  'average',
  'amount',
  'filled',
  'remaining',
  'status',
  'rawStatus',
  'timestampMs',
] as const;

type Plain = Readonly<Record<string, unknown>>;

/** Amounts as numbers are written, so that `1.50` and `1.5` are the same. */
function pick(row: object, fields: readonly string[]): Plain {
  const values = row as Plain;
  return Object.fromEntries(fields.map((field) => [field, plain(values[field])]));
}

function plain(value: unknown): unknown {
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value)) return value;
  return value.includes('.') ? value.replace(/\.?0+$/, '') : value;
}

function orderOf(order: OrderRecord): [string, Plain] {
  return [`${order.symbol} ${order.orderId}`, pick(order, ORDER)];
}

/** Both sides name each thing once. */
function same(read: readonly [string, Plain][], truth: readonly [string, Plain][]): void {
  expect(read.length).to.equal(truth.length);
  expect(Object.fromEntries(read)).to.deep.equal(Object.fromEntries(truth));
}

function typeOf(symbol: string): string {
  const dashes = symbol.split('-').length - 1;
  if (!symbol.includes(':')) return 'SPOT';
  return ['SWAP', 'FUTURES'][dashes] ?? 'OPTION';
}
