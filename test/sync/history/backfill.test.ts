import { expect } from 'chai';
import type { SynchronizerEvent } from '#src/domain/events.js';
import type { Engine } from '#src/engine/engine.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { expectError } from '../../support/expect-error.js';
import { useTestDatabase } from '../../support/postgres.js';
import { fastClock } from '../worlds/fast-clock.js';
import { simulatedEngine, simulatedSettings } from './simulated-engine.js';

const DAY = 24 * 60 * 60 * 1000;
const AGE_DAYS = 80;

describe('backfill', function () {
  this.timeout(120_000);
  const test = useTestDatabase();
  let simulator: Simulator;
  let engine: Engine;
  let events: SynchronizerEvent[];
  let openedMs: number;

  beforeEach(async () => {
    const clock = fastClock(60);
    simulator = await startSimulator({
      clock,
      historyMs: AGE_DAYS * DAY,
      plan: {
        accounts: [
          {
            exchange: 'bybit',
            account: 'main',
            holdings: [],
            history: { fills: 500, bursts: [{ at: 100, size: 150 }] },
          },
        ],
      },
    });
    openedMs = clock.now() - AGE_DAYS * DAY;
    const settings = simulatedSettings(simulator, test.settings, {
      accountOpenings: { 'bybit/main': openedMs - DAY },
    });
    ({ engine, events } = await simulatedEngine(simulator, settings, clock));
  });

  afterEach(async () => {
    await engine.stop(1_000);
    await simulator.stop();
  });

  const stored = async (table: string, id: string) => {
    const { rows } = await test.database.query<{ id: string }>(
      `SELECT ${id} AS id FROM "${test.schema}".${table}`,
    );
    return rows.map((row) => row.id);
  };

  const idsOf = (list: Iterable<{ readonly id: string }>) => [...list].map(({ id }) => id);
  const fillIds = () => [...simulator.history('bybit', 'main').fills()].map(({ tradeId }) => tradeId);
  const chunks = () => events.flatMap((event) => (event.name === 'history:chunk' ? [event.payload] : []));

  it('reads everything in slices, tells each page, and says what is covered', async () => {
    const { results } = await engine.backfill({ allSymbols: false });
    const truth = simulator.history('bybit', 'main');
    expect(await stored('exchange_trades', 'trade_id')).to.have.members(fillIds());
    expect(await stored('exchange_transfers', 'id')).to.have.members(idsOf(truth.transfers()));
    expect(
      results.map(({ dataType, status, errors, lost }) => [dataType, status, errors, lost]),
    ).to.deep.equal(['transfers', 'ledger', 'trades'].map((dataType) => [dataType, 'ok', [], []]));
    const fills = results.find(({ dataType }) => dataType === 'trades');
    expect(fills).to.include({ newRows: 500 });
    // On a slow machine a slice ends within the burst, which is one millisecond: the next one begins with it again.
    expect(fills?.rows).to.be.within(500, 500 + 150);

    const told = chunks().filter(({ dataType }) => dataType === 'trades');
    expect(told.reduce((sum, { rows }) => sum + rows, 0)).to.equal(fills?.rows);
    const done = told.map(({ doneMs }) => doneMs);
    expect(done).to.deep.equal([...done].sort((left, right) => left - right));
    expect(told.at(-1)?.doneMs).to.equal(told.at(-1)?.totalMs);

    // Between two runs others have their turn.
    let pages = 0;
    for (const { name } of events) {
      if (name === 'history:chunk') pages += 1;
      if (name === 'sync:report') pages = 0;
      expect(pages).to.be.at.most(60);
    }

    const { scopes } = await engine.coverage({});
    for (const { dataType, scope, ...coverage } of scopes) {
      const name = `${dataType} ${scope}`;
      expect(coverage, name).to.deep.include({
        provenShare: '1',
        gaps: [],
        lost: [],
        rereads: [],
        setAside: 0,
      });
      expect(coverage.complete, name).to.deep.equal([{ from: coverage.from, to: coverage.to }]);
    }
    expect(scopes.filter(({ dataType }) => dataType === 'trades')).to.have.length(4);
    const spot = scopes.find(({ scope }) => scope === 'spot');
    const deadlineMs = Date.parse(spot?.nextLossAt ?? '') - Date.parse(spot?.to ?? '');
    expect(Math.round(deadlineMs / DAY)).to.equal(730);
  });

  it('covers what the balances were observed at, so that they can be proved', async () => {
    await engine.backfill({ allSymbols: false });
    const balances = events.find(
      (event) => event.name === 'sync:report' && event.payload.dataType === 'balances',
    );
    const observedAt = balances?.name === 'sync:report' ? balances.payload.finishedAt : '';
    const { scopes } = await engine.coverage({});
    for (const { scope, complete } of scopes) {
      expect(Date.parse(complete.at(-1)?.to ?? ''), scope).to.be.greaterThan(Date.parse(observedAt));
    }
  });

  it('begins where it is told, and goes further back when it is asked again', async () => {
    const fromMs = openedMs + 50 * DAY;
    const [transfers, , trades] = (await engine.backfill({ fromMs, allSymbols: false })).results;
    expect(transfers).to.include({ status: 'ok' });
    const young = [...simulator.history('bybit', 'main').fills()].filter(
      ({ timestampMs }) => timestampMs >= fromMs,
    );
    expect(trades?.newRows).to.equal(young.length).and.be.lessThan(400);
    const { scopes } = await engine.coverage({ dataType: 'trades' });
    expect(scopes.map(({ from, provenShare }) => [from, provenShare])).to.deep.equal(
      scopes.map(() => [new Date(fromMs).toISOString(), '1']),
    );
    const further = await engine.backfill({ allSymbols: false });
    expect(further.results[2]?.newRows).to.equal(500 - young.length);
  });

  it('ends also where a list can not be read, and goes on from there the next time', async () => {
    simulator.faults.add({
      match: { path: '/v5/execution/list', query: { category: 'linear' } },
      effect: { kind: 'code', code: '10001' },
    });
    const [, ledger, trades] = (await engine.backfill({ allSymbols: false })).results;
    expect(ledger?.status).to.equal('ok');
    expect(trades).to.include({ status: 'partial' });
    expect(trades?.errors.map(({ code, scope }) => [code, scope])).to.deep.equal([
      ['EXCHANGE_REJECTED', 'linear'],
    ]);
    const { scopes } = await engine.coverage({ dataType: 'trades' });
    expect(scopes.map(({ scope, provenShare }) => [scope, provenShare])).to.deep.equal([
      ['inverse', '1'],
      ['linear', '0'],
      ['option', '1'],
      ['spot', '1'],
    ]);
    simulator.faults.clear();
    const [, , again] = (await engine.backfill({ allSymbols: false })).results;
    expect(again).to.deep.include({ status: 'ok', errors: [] });
    expect(await stored('exchange_trades', 'trade_id')).to.have.members(fillIds());
  });

  it('refuses a beginning before the exchange existed', async () => {
    const error = await expectError(
      engine.backfill({ fromMs: Date.UTC(2012, 0, 1), allSymbols: false }),
      'RANGE_INVALID',
    );
    expect(error.message).to.contain('2018-03-01');
    await expectError(engine.backfill({ exchange: 'kraken', allSymbols: false }), 'EXCHANGE_NOT_CONFIGURED');
  });

  describe('repair', () => {
    it('reads a range once more and says what is new', async () => {
      await engine.backfill({ allSymbols: false });
      const range = { fromMs: openedMs + 30 * DAY, toMs: openedMs + 50 * DAY };
      const within = [...simulator.history('bybit', 'main').fills()].filter(
        ({ timestampMs: ms }) => ms >= range.fromMs && ms < range.toMs,
      );
      const gone = within.slice(0, 7).map(({ tradeId }) => tradeId);
      await test.database.query(`DELETE FROM "${test.schema}".exchange_trades WHERE trade_id = ANY ($1)`, [
        gone,
      ]);
      const { results } = await engine.repair({ dataType: 'trades', range });
      expect(results.map(({ rows, newRows, status }) => ({ rows, newRows, status }))).to.deep.equal([
        { rows: within.length, newRows: 7, status: 'ok' },
      ]);
      expect(await stored('exchange_trades', 'trade_id')).to.have.members(fillIds());
      const { scopes } = await engine.coverage({});
      expect(scopes.flatMap(({ rereads }) => rereads)).to.deep.equal([]);
    });

    it('says so where the exchange no longer serves it', async () => {
      const toMs = openedMs - 500 * DAY;
      const { results } = await engine.repair({
        dataType: 'trades',
        range: { fromMs: toMs - 900 * DAY, toMs },
      });
      const [trades] = results;
      expect(trades).to.include({ status: 'partial', newRows: 0 });
      expect(trades?.errors.map(({ code }) => code)).to.deep.equal(['HISTORY_LOST']);
      expect(trades?.errors[0]?.message).to.match(/can't be read again: .* is older than what bybit serves/);
      expect(trades?.lost[0]?.from).to.equal(new Date(toMs - 900 * DAY).toISOString());
    });
  });
});
