import { expect } from 'chai';
import { binance } from '#src/exchange/profiles/binance.js';
import { bybit } from '#src/exchange/profiles/bybit.js';
import { defineProfile } from '#src/exchange/profiles/define-profile.js';
import type { ExchangeProfile } from '#src/exchange/profiles/profile.js';

describe('a profile', () => {
  const changed = (change: object): ExchangeProfile => ({ ...bybit, ...change });

  it('is frozen to its last member', () => {
    expect(Object.isFrozen(bybit.errors.codes['10003'])).equal(true);
    expect(Object.isFrozen(binance.balances[0]?.params)).equal(true);
  });

  const problems: Record<string, [ExchangeProfile, string]> = {
    'a scope twice': [
      changed({ balances: [bybit.balances[0], bybit.balances[0]] }),
      'balances: the scope wallet=UNIFIED is there twice',
    ],
    'a scope without an id': [
      changed({ prices: [{ ...bybit.prices[0], id: ' ' }] }),
      'prices: a scope has no id',
    ],
    'a recent list that is not there': [
      changed({ recentOrders: [] }),
      'openOrders spot: there is no recent list recent:spot',
    ],
    'pages of no rows': [
      changed({
        positions: [{ ...bybit.positions[0], paging: { kind: 'time', pageLimit: 0, maxPages: 5 } }],
      }),
      'positions linear:USDT: pageLimit is 0',
    ],
    'an error code that is none': [
      changed({ errors: { ...bybit.errors, codes: { '1': { error: 'NOPE', suspends: 'nothing' } } } }),
      'errors 1: NOPE is not an error code',
    ],
    'a budget of nothing': [
      changed({ rateBudgets: [{ name: 'all', per: 'ip', windowMs: 1000, limit: Number.NaN }] }),
      'rate budget all: limit is NaN',
    ],
    'a history twice': [
      changed({ trades: [bybit.trades[0], bybit.trades[0]] }),
      'trades: the scope spot is there twice',
    ],
    'a history in pages of no rows': [
      changed({ ledger: [{ ...bybit.ledger[0], paging: { kind: 'after-time', pageLimit: 0 } }] }),
      'ledger UNIFIED: pageLimit is 0',
    ],
    'a history in windows of no time': [
      changed({ transfers: [{ ...bybit.transfers[0], windowMs: 0 }] }),
      'transfers deposits: windowMs is 0',
    ],
    'an answer of which nothing makes rows': [
      changed({ trades: [{ ...bybit.trades[0], answer: { rows: ['list'] } }] }),
      'trades spot: nothing makes rows of its answer',
    ],
    'pages that nothing leads to': [
      changed({ ledger: [{ ...bybit.ledger[0], answer: { rows: ['list'], parse: 'parseLedgerEntry' } }] }),
      'ledger UNIFIED: nothing says where an answer names the next page',
    ],
    'a history that begins at its open end': [
      changed({ trades: [{ ...bybit.trades[0], range: { includesFrom: true, includesTo: true } }] }),
      'trades spot: a list that cannot be ended has to be read from the oldest row on',
    ],
    'pages that go by a time that is not the list’s': [
      changed({ transfers: [{ ...bybit.transfers[0], paging: { kind: 'before-time', pageLimit: 5 } }] }),
      'transfers deposits: its pages go by the time that its rows show',
    ],
    'a reach of a list that goes by the time it shows': [
      changed({ ledger: [{ ...bybit.ledger[0], reachMs: 5 }] }),
      'ledger UNIFIED: reachMs is for a list that goes by another time',
    ],
    'words of kinds without their field': [
      changed({ trades: [{ ...bybit.trades[0], kindField: undefined }] }),
      'trades spot: kindField and kinds go together',
    ],
  };
  for (const [what, [profile, problem]] of Object.entries(problems)) {
    it(`with ${what} is refused when it is loaded`, () => {
      expect(() => defineProfile(profile)).throw(problem);
    });
  }

  it('is refused when an open and a recent list have one id: each is read, and ages, apart', () => {
    const [first] = bybit.recentOrders;
    if (first === undefined) throw new Error('bybit has no recent orders');
    const recentOrders = [...bybit.recentOrders, { ...first, id: 'spot' }];
    expect(() => defineProfile(changed({ recentOrders }))).throw('orders: the scope spot is there twice');
  });

  it('is refused with all of its problems at once', () => {
    expect(() => defineProfile(changed({ recentOrders: [], settleLagMs: -1 }))).throw(
      /no recent list recent:spot[\s\S]*no recent list recent:option[\s\S]*settleLagMs is -1/,
    );
  });
});
