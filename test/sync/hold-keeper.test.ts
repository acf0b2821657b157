import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import { binance } from '#src/exchange/profiles/binance.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import type { ExchangeProfile } from '#src/exchange/profiles/profile.js';
import { HoldRepository } from '#src/storage/hold-repository.js';
import { HoldKeeper } from '#src/sync/hold-keeper.js';
import { at, ExchangeServer, type Route, sending } from '../exchange/support/exchange-server.js';
import { Managed, read, rejection, TEST_KEY } from '../exchange/support/managed.js';
import { binanceRoutes, bybitRoutes } from '../exchange/support/small-exchanges.js';
import { ManualClock } from '../support/manual-clock.js';
import { useTestDatabase } from '../support/postgres.js';
import { silentLogger } from '../support/silent-logger.js';

const HOUR = 3_600_000;
const RETRY_STEP_MS = 10;
const SPOT = '/api/v3/account';
const UNIFIED = '/v5/account/wallet-balance';
const MAIN = { exchange: 'bybit', account: 'main' };

/** One process: its guards, and what it knows of the table. */
class Process {
  readonly managed: Managed;
  readonly keeper: HoldKeeper;
  readonly #test: ReturnType<typeof useTestDatabase>;
  readonly #clock: ManualClock;

  constructor(test: ReturnType<typeof useTestDatabase>, clock: ManualClock, managed: Managed) {
    this.#test = test;
    this.#clock = clock;
    this.managed = managed;
    this.keeper = new HoldKeeper({
      clients: managed.manager,
      database: test.database,
      holds: new HoldRepository({ schema: test.schema }),
      logger: silentLogger,
    });
  }

  /** As whoever tests the account's key, and finds it good. */
  async lift(account: AccountRef): Promise<void> {
    await this.#test.database.transaction((transaction) => this.keeper.refresh(transaction));
    this.managed.manager.resume(account);
    await this.keeper.save();
  }

  /** As a run does: what others know, a read, what this one has learnt. Gives the code of its error. */
  async sync(params: object): Promise<string | undefined> {
    await this.#test.database.transaction((transaction) => this.keeper.refresh(transaction));
    const reading = this.managed.session().then((session) => read(session, 'fetchBalance', [params]));
    let code: string | undefined;
    const done = reading.then(
      () => {
        code = 'ok';
      },
      (error: { code: string }) => {
        code = error.code;
      },
    );
    // Retries wait for it.
    while (code === undefined) await this.#clock.advance(RETRY_STEP_MS);
    await done;
    await this.keeper.save();
    return code;
  }
}

describe('what is to be left alone', () => {
  const test = useTestDatabase();
  let clock: ManualClock;
  let server: ExchangeServer;
  let processes: Process[];

  beforeEach(() => {
    clock = new ManualClock();
    processes = [];
  });

  afterEach(async () => {
    for (const { managed } of processes) await managed.manager.close();
    await server.close();
  });

  async function start(...routes: Route[]): Promise<void> {
    server = await ExchangeServer.start(...routes);
  }

  function process(profile: ExchangeProfile, credentials = TEST_KEY): Process {
    const { exchange } = profile;
    const connection = { proxyUrl: server.url };
    const keys = { [`${exchange}/main`]: credentials };
    const each = new Process(
      test,
      clock,
      new Managed({ exchange, clock, profile, connection, credentials: keys }),
    );
    processes.push(each);
    return each;
  }

  const stored = () => new HoldRepository({ schema: test.schema }).load(test.database);

  it('is a ban, for every process and over a restart, until it ends', async () => {
    const banned = sending(418, { code: -1003, msg: 'IP banned' }, { 'retry-after': '3600' });
    await start(at(SPOT, banned, 1), ...binanceRoutes(clock));
    expect(await process(binance).sync({ type: 'spot' })).to.equal('BANNED');
    const before = server.requests.length;
    const other = process(binance);
    expect(await other.sync({ type: 'spot' })).to.equal('BANNED');
    await clock.advance(HOUR / 2);
    expect(await process(binance).sync({ type: 'spot' })).to.equal('BANNED');
    expect(server.requests.length, 'requests during the ban').to.equal(before);
    await clock.advance(HOUR / 2);
    expect(await other.sync({ type: 'spot' })).to.equal('ok');
    expect(await stored()).to.deep.equal({ circuits: {}, limits: {}, suspensions: {} });
  });

  it('is an open circuit, which whoever succeeds closes for all', async () => {
    let isDown = true;
    const failing = at(UNIFIED, (request, response) =>
      isDown ? sending(503, 'down')(request, response) : undefined,
    );
    await start(failing, ...bybitRoutes(clock));
    const [one, other] = [process(bybit), process(bybit)];
    await one.sync({ type: 'unified' });
    expect(await one.sync({ type: 'unified' })).to.equal('CIRCUIT_OPEN');
    expect(Object.keys((await stored()).circuits)).to.deep.equal(['bybit']);
    expect(await other.sync({ type: 'unified' })).to.equal('CIRCUIT_OPEN');
    isDown = false;
    await clock.advance(HOUR);
    expect(await other.sync({ type: 'unified' })).to.equal('ok');
    expect(await one.sync({ type: 'unified' })).to.equal('ok');
    expect((await stored()).circuits).to.deep.equal({});
  });

  it('is a suspended account, until somebody lifts it', async () => {
    await start(at(UNIFIED, { retCode: 10003, retMsg: 'bad key' }, 1), ...bybitRoutes(clock));
    const [one, other] = [process(bybit), process(bybit)];
    expect(await one.sync({ type: 'unified' })).to.equal('AUTHENTICATION_FAILED');
    expect(await other.sync({ type: 'unified' })).to.equal('ACCOUNT_SUSPENDED');
    await process(bybit).lift(MAIN);
    expect(await one.sync({ type: 'unified' })).to.equal('ok');
    expect(await other.sync({ type: 'unified' })).to.equal('ok');
    expect((await stored()).suspensions).to.deep.equal({});
  });

  it('stays for a key that is refused when another process succeeds with its own', async () => {
    const key = { ...TEST_KEY, apiKey: 'KEY-canary-9' };
    const refusing = at(UNIFIED, ({ headers }) =>
      headers['x-bapi-api-key'] === key.apiKey ? { retCode: 10003, retMsg: 'bad key' } : undefined,
    );
    await start(refusing, ...bybitRoutes(clock));
    const [good, bad] = [process(bybit), process(bybit, key)];
    expect(await good.sync({ type: 'unified' })).to.equal('ok');
    expect(await bad.sync({ type: 'unified' })).to.equal('AUTHENTICATION_FAILED');
    expect(await good.sync({ type: 'unified' })).to.equal('ok');
    expect(await bad.sync({ type: 'unified' })).to.equal('ACCOUNT_SUSPENDED');
  });

  it('is not brought back by a process that has not heard of its end', async () => {
    await start(at(UNIFIED, { retCode: 10003, retMsg: 'bad key' }, 1), ...bybitRoutes(clock));
    const [one, other] = [process(bybit), process(bybit)];
    await one.sync({ type: 'unified' });
    await other.sync({ type: 'unified' });
    await process(bybit).lift(MAIN);
    await other.keeper.save();
    expect((await stored()).suspensions).to.deep.equal({});
  });

  it('is tried again after a save that failed', async () => {
    await start(at(UNIFIED, { retCode: 10003, retMsg: 'bad key' }, 1), ...bybitRoutes(clock));
    const one = process(bybit);
    await rejection(
      one.managed.session().then((session) => read(session, 'fetchBalance', [{ type: 'unified' }])),
    );
    const table = `"${test.schema}".sync_holds`;
    await test.database.query(`ALTER TABLE ${table} RENAME TO hidden_holds`);
    await one.keeper.save();
    await test.database.query(`ALTER TABLE "${test.schema}".hidden_holds RENAME TO sync_holds`);
    await one.keeper.save();
    expect(Object.keys((await stored()).suspensions)).to.deep.equal(['bybit/main']);
  });
});
