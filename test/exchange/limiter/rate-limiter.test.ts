import { expect } from 'chai';
import type { RequestContext } from '#src/exchange/ccxt/call-context.js';
import type { LimitHold } from '#src/exchange/guard/guard-state.js';
import { RateLimiter } from '#src/exchange/limiter/rate-limiter.js';
import { WindowSet } from '#src/exchange/limiter/window-set.js';
import type { RateBudget } from '#src/exchange/profiles/profile.js';
import { ManualClock, settled } from '../../support/manual-clock.js';
import { rejection } from '../support/managed.js';

const TWO_A_SECOND: RateBudget = { name: 'two a second', per: 'ip', windowMs: 1_000, limit: 2 };

describe('the rate limiter', () => {
  let clock: ManualClock;
  let sent: string[];

  beforeEach(() => {
    clock = new ManualClock();
    sent = [];
  });

  afterEach(() => {
    expect(clock.sleepers, 'timers left behind').to.equal(0);
  });

  function limiterOf(...budgets: RateBudget[]): RateLimiter {
    return new RateLimiter({ exchange: 'bybit', clock, address: new WindowSet(budgets) });
  }

  function request(endpoint: string, overrides: Partial<RequestContext> = {}): RequestContext {
    return {
      signal: new AbortController().signal,
      deadlineAtMs: clock.now() + 120_000,
      meter: { requests: 0 },
      priority: 'schedule',
      section: 'private',
      endpoint,
      ...overrides,
    };
  }

  function holdUntil(untilMs: number, code: LimitHold['code']): LimitHold {
    return { sinceMs: clock.now(), untilMs, code, reason: 'too many requests' };
  }

  /** Sends requests of these names and notes the order in which they were let through. */
  function send(
    limiter: ReturnType<RateLimiter['client']>,
    names: readonly string[],
    { cost = 1, ...overrides }: Partial<RequestContext> & { cost?: number } = {},
  ): Promise<unknown> {
    return Promise.all(
      names.map((name) => limiter.acquire(request(name, overrides), cost).then(() => sent.push(name))),
    );
  }

  it('lets no more through than the window holds, in any window', async () => {
    const limiter = limiterOf(TWO_A_SECOND).client();
    const all = send(limiter, ['a', 'b', 'c', 'd', 'e']);
    await settled();
    expect(sent).to.deep.equal(['a', 'b']);
    await clock.advance(999);
    expect(sent).to.deep.equal(['a', 'b']);
    await clock.advance(1);
    expect(sent).to.deep.equal(['a', 'b', 'c', 'd']);
    await clock.advance(1_000);
    await all;
    expect(sent).to.have.lengthOf(5);
  });

  it('waits by one timer, however many wait', async () => {
    const limiter = limiterOf(TWO_A_SECOND).client();
    const all = send(
      limiter,
      Array.from({ length: 20 }, (_, index) => String(index)),
    );
    await settled();
    expect(clock.sleepers).to.equal(1);
    await clock.advance(10_000);
    await all;
  });

  it('serves triggers before schedules', async () => {
    const limiter = limiterOf(TWO_A_SECOND).client();
    const all = [
      send(limiter, ['a', 'b', 'scheduled 1', 'scheduled 2']),
      send(limiter, ['trigger'], { priority: 'trigger' }),
    ];
    await clock.advance(1_000);
    expect(sent).to.deep.equal(['a', 'b', 'trigger', 'scheduled 1']);
    await clock.advance(1_000);
    await Promise.all(all);
  });

  it("weighs requests by ccxt's cost where the budget says so", async () => {
    const limiter = limiterOf({ ...TWO_A_SECOND, limit: 10, weightPerCost: 2 }).client();
    const all = send(limiter, ['a', 'b', 'c'], { cost: 2 });
    await settled();
    expect(sent).to.deep.equal(['a', 'b']);
    await clock.advance(1_000);
    await all;
  });

  it('lets a request through that weighs more than the window, and pays for it', async () => {
    const limiter = limiterOf({ ...TWO_A_SECOND, weightPerCost: 1 }).client();
    const all = send(limiter, ['heavy', 'next'], { cost: 6 });
    await settled();
    expect(sent).to.deep.equal(['heavy']);
    await clock.advance(2_999);
    expect(sent).to.deep.equal(['heavy']);
    await clock.advance(1);
    await all;
    expect(sent).to.deep.equal(['heavy', 'next']);
  });

  it('does not starve a heavy request behind light ones', async () => {
    const limiter = limiterOf({ ...TWO_A_SECOND, limit: 4, weightPerCost: 1 }).client();
    const all = [
      send(limiter, ['a'], { cost: 2 }),
      send(limiter, ['heavy'], { cost: 4 }),
      send(limiter, ['b', 'c'], { cost: 1 }),
    ];
    await settled();
    expect(sent).to.deep.equal(['a']);
    await clock.advance(1_000);
    expect(sent).to.deep.equal(['a', 'heavy']);
    await clock.advance(1_000);
    await Promise.all(all);
  });

  it('counts a key of its own, and does not keep others from their keys', async () => {
    const limiter = limiterOf();
    const perKey: RateBudget = { ...TWO_A_SECOND, per: 'key', endpoints: ['order/'] };
    const one = limiter.client(new WindowSet([perKey]));
    const other = limiter.client(new WindowSet([perKey]));
    const all = [
      send(one, ['order/1', 'order/2', 'order/3', 'balance']),
      send(other, ['order/4', 'order/5']),
    ];
    await settled();
    expect(sent).to.have.members(['order/1', 'order/2', 'balance', 'order/4', 'order/5']);
    await clock.advance(1_000);
    await Promise.all(all);
  });

  it('can be left while waiting, and makes room for the next', async () => {
    const limiter = limiterOf({ ...TWO_A_SECOND, limit: 4, weightPerCost: 1 }).client();
    const caller = new AbortController();
    const first = send(limiter, ['a'], { cost: 2 });
    const heavy = rejection(send(limiter, ['heavy'], { cost: 4, signal: caller.signal }));
    const light = send(limiter, ['b'], { cost: 1 });
    await settled();
    expect(sent).to.deep.equal(['a']);
    const reason = new Error('called off');
    caller.abort(reason);
    expect(await heavy).to.equal(reason);
    await Promise.all([first, light]);
    expect(sent).to.deep.equal(['a', 'b']);
  });

  it('holds everything back when the exchange asks for it', async () => {
    const limiter = limiterOf(TWO_A_SECOND);
    limiter.hold(holdUntil(clock.now() + 5_000, 'RATE_LIMITED'));
    const all = send(limiter.client(), ['a']);
    await clock.advance(4_999);
    expect(sent).to.deep.equal([]);
    await clock.advance(1);
    await all;
  });

  it('refuses at once what would outlast its deadline, also what waits already', async () => {
    const limiter = limiterOf({ ...TWO_A_SECOND, limit: 1 });
    const first = send(limiter.client(), ['a']);
    const waiting = rejection(send(limiter.client(), ['b']));
    await first;
    const untilMs = clock.now() + 3_600_000;
    limiter.hold(holdUntil(untilMs, 'BANNED'));
    expect(await waiting).to.include({ code: 'BANNED' });
    const error = await rejection(send(limiter.client(), ['c']));
    expect(error).to.include({ code: 'BANNED' });
    expect(error.message).to.include(new Date(untilMs).toISOString());
  });

  it('holds back one key only where the exchange means the key', async () => {
    const limiter = limiterOf();
    const key = new WindowSet([]);
    limiter.hold(holdUntil(clock.now() + 5_000, 'RATE_LIMITED'), key);
    const all = [send(limiter.client(key), ['held']), send(limiter.client(new WindowSet([])), ['free'])];
    await settled();
    expect(sent).to.deep.equal(['free']);
    await clock.advance(5_000);
    await Promise.all(all);
  });

  describe("reads the exchange's headers", () => {
    const withHeaders = (headers: NonNullable<RateBudget['headers']>): RateBudget => ({
      ...TWO_A_SECOND,
      limit: 10,
      headers,
    });

    it('and counts what another program used', async () => {
      const limiter = limiterOf(withHeaders({ used: 'x-used' })).client();
      limiter.observe(request('any'), { 'x-used': '9' });
      const all = send(limiter, ['a', 'b']);
      await settled();
      expect(sent).to.deep.equal(['a']);
      await clock.advance(1_000);
      await all;
    });

    it('and stops at none remaining until the window starts anew', async () => {
      const headers = { remaining: 'x-left', resetAtMs: 'x-reset' };
      const limiter = limiterOf(withHeaders(headers)).client();
      limiter.observe(request('any'), { 'x-left': '0', 'x-reset': String(clock.now() + 700) });
      const all = send(limiter, ['a']);
      await clock.advance(699);
      expect(sent).to.deep.equal([]);
      await clock.advance(1);
      await all;
    });

    it('but never waits longer than a window for a clock that is wrong', async () => {
      const headers = { remaining: 'x-left', resetAtMs: 'x-reset' };
      const limiter = limiterOf(withHeaders(headers)).client();
      limiter.observe(request('any'), { 'x-left': '0', 'x-reset': String(clock.now() + 86_400_000) });
      const all = send(limiter, ['a']);
      await clock.advance(1_000);
      await all;
    });

    for (const value of ['', 'abc', undefined]) {
      it(`and ignores ${JSON.stringify(value)}`, async () => {
        const limiter = limiterOf(withHeaders({ used: 'x-used' })).client();
        limiter.observe(request('any'), value === undefined ? {} : { 'x-used': value });
        await send(limiter, ['a', 'b']);
      });
    }
  });
});
