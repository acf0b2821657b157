import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { Circuit } from '#src/exchange/guard/circuit.js';
import { type CircuitEffect, FailedAttempt } from '#src/exchange/guard/failure.js';
import { GuardState } from '#src/exchange/guard/guard-state.js';
import { ManualClock } from '../../support/manual-clock.js';
import { rejection } from '../support/managed.js';

describe('the circuit breaker of an exchange', () => {
  let clock: ManualClock;
  let state: GuardState;
  let events: [string, unknown][];
  let circuit: Circuit;

  beforeEach(() => {
    clock = new ManualClock();
    events = [];
    state = new GuardState();
    circuit = create();
  });

  afterEach(() => circuit.close());

  function create(): Circuit {
    return new Circuit({
      exchange: 'bybit',
      name: 'bybit',
      clock,
      state,
      emit: (name, payload) => events.push([name, payload]),
    });
  }

  const fail = (effect: CircuitEffect) =>
    rejection(
      circuit.run(async () => {
        throw failed(effect);
      }),
    );
  const succeed = () => circuit.run(async () => 'done');
  async function open(): Promise<void> {
    for (let count = 0; count < 5; count += 1) await fail('unavailable');
  }

  it('opens after five failures of availability, and not after four', async () => {
    for (let count = 0; count < 4; count += 1) await fail('unavailable');
    expect(await succeed()).to.equal('done');
    expect(events).to.deep.equal([]);
    await fail('unavailable');
    expect(events).to.have.lengthOf(1);
    expect(events[0]).to.deep.equal([
      'breaker:open',
      { exchange: 'bybit', until: new Date(clock.now() + 30_000).toISOString(), reason: 'it failed' },
    ]);
    const error = await rejection(succeed());
    expect(error).to.be.instanceOf(ExchangeSyncError).and.include({ code: 'CIRCUIT_OPEN' });
    expect(error.message).to.include(new Date(clock.now() + 30_000).toISOString());
  });

  it('stays closed while more succeeds than fails', async () => {
    for (let count = 0; count < 6; count += 1) await succeed();
    await open();
    expect(events).to.deep.equal([]);
  });

  for (const effect of ['available', 'none'] as const) {
    it(`does not open for failures that mean: ${effect}`, async () => {
      for (let count = 0; count < 20; count += 1) await fail(effect);
      expect(events).to.deep.equal([]);
    });
  }

  it('forgets failures after a minute', async () => {
    for (let count = 0; count < 4; count += 1) await fail('unavailable');
    await clock.advance(60_000);
    for (let count = 0; count < 4; count += 1) await fail('unavailable');
    expect(events).to.deep.equal([]);
  });

  it('lets one attempt through when its time is up, and closes when that succeeds', async () => {
    await open();
    await clock.advance(30_000);
    let finish: (value: string) => void = () => undefined;
    const probe = circuit.run(
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
    );
    expect(await rejection(succeed())).to.include({ code: 'CIRCUIT_OPEN' });
    finish('done');
    expect(await probe).to.equal('done');
    expect(events.map(([name]) => name)).to.deep.equal(['breaker:open', 'breaker:close']);
    expect(await succeed()).to.equal('done');
    expect(state.snapshot(clock.now()).circuits).to.deep.equal({});
  });

  it('stays open for longer when that fails', async () => {
    await open();
    await clock.advance(30_000);
    await fail('unavailable');
    expect(events.at(-1)).to.deep.equal([
      'breaker:open',
      { exchange: 'bybit', until: new Date(clock.now() + 60_000).toISOString(), reason: 'it failed' },
    ]);
    await clock.advance(59_999);
    expect(await rejection(succeed())).to.include({ code: 'CIRCUIT_OPEN' });
  });

  it('is closed by an answer, even if that is a refusal', async () => {
    await open();
    await clock.advance(30_000);
    await fail('available');
    expect(events.map(([name]) => name)).to.deep.equal(['breaker:open', 'breaker:close']);
  });

  it('is not closed by an attempt that proves nothing, and lets the next one through', async () => {
    await open();
    await clock.advance(30_000);
    await fail('none');
    expect(events.map(([name]) => name)).to.deep.equal(['breaker:open']);
    expect(state.snapshot(clock.now()).circuits).to.have.property('bybit');
    expect(await succeed()).to.equal('done');
    expect(events.map(([name]) => name)).to.deep.equal(['breaker:open', 'breaker:close']);
  });

  it('opens, waits longer and closes as other processes say', async () => {
    const elsewhere = { openedAtMs: clock.now(), untilMs: clock.now() + 30_000, openings: 1, reason: 'down' };
    state.merge({ circuits: { bybit: elsewhere }, limits: {}, suspensions: {} }, state.snapshot(clock.now()));
    expect((await rejection(succeed())).message).to.include('down');
    const stored = state.snapshot(clock.now());
    state.merge({ circuits: {}, limits: {}, suspensions: {} }, stored);
    expect(await succeed()).to.equal('done');
    await open();
    state.merge({ circuits: {}, limits: {}, suspensions: {} }, state.snapshot(clock.now()));
    expect(await succeed()).to.equal('done');
    await clock.advance(60_000);
    await open();
    await clock.advance(30_000);
    const longer = { ...elsewhere, untilMs: clock.now() + 60_000, openings: 2 };
    state.merge({ circuits: { bybit: longer }, limits: {}, suspensions: {} }, state.snapshot(clock.now()));
    expect(await rejection(succeed())).to.include({ code: 'CIRCUIT_OPEN' });
    await clock.advance(60_000);
    expect(await succeed()).to.equal('done');
  });

  it('is still open in the program that is started next', async () => {
    await open();
    circuit.close();
    state = new GuardState(JSON.parse(JSON.stringify(state.snapshot(clock.now()))));
    circuit = create();
    expect(await rejection(succeed())).to.include({ code: 'CIRCUIT_OPEN' });
    await clock.advance(30_000);
    expect(await succeed()).to.equal('done');
  });
});

function failed(circuit: CircuitEffect): FailedAttempt {
  const error = new ExchangeSyncError('EXCHANGE_UNAVAILABLE', 'it failed');
  return new FailedAttempt({ error, circuit, retry: 'never', suspends: 'nothing' });
}
