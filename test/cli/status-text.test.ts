import { expect } from 'chai';
import { formatStatus } from '#src/cli/status-text.js';
import type { DataTypeStatus, LimitStatus, SynchronizerStatus } from '#src/domain/synchronizer-status.js';
import { display } from './display.js';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');

function at(offsetMs: number): string {
  return new Date(NOW_MS + offsetMs).toISOString();
}

function row(fields: Partial<DataTypeStatus> = {}): DataTypeStatus {
  return {
    exchange: 'bybit',
    account: 'main',
    dataType: 'balances',
    status: 'ok',
    running: false,
    lastSync: at(-120_000),
    lastSuccess: at(-120_000),
    nextSync: at(1_680_000),
    errorCode: null,
    errorMessage: null,
    scopes: [],
    ...fields,
  };
}

function text(fields: Partial<SynchronizerStatus>): string {
  const status = {
    scheduled: true,
    dataTypes: [row()],
    circuits: [],
    limits: [],
    suspensions: [],
    refusedWrites: 0,
    ...fields,
  };
  return formatStatus(status, display(), NOW_MS);
}

describe('status, as text', () => {
  it('says how old everything is, when it is next, and that all is well', () => {
    expect(text({})).to.match(/^bybit\/main {2}balances {2}ok {6}2 min ago {2}2 min ago {5}in 28 min/m);
    expect(text({})).to.match(/The last sync of everything went well\.\n$/);
  });

  it('tells the remedy, and since when each failed scope was not read', () => {
    const failed = row({
      status: 'partial',
      errorCode: 'PERMISSION_DENIED',
      errorMessage: 'Give the key permission to read wallet=FUND.',
      scopes: [
        {
          scope: 'wallet=FUND',
          lastCompleteAt: null,
          lastAttemptAt: null,
          errorCode: 'PERMISSION_DENIED',
          nextLossAt: null,
        },
        {
          scope: 'wallet=UNIFIED',
          lastCompleteAt: at(0),
          lastAttemptAt: at(0),
          errorCode: null,
          nextLossAt: null,
        },
      ],
    });
    const suspension = {
      exchange: 'bybit',
      account: 'main',
      scope: 'fetchBalance wallet=FUND',
      reason: 'Permission denied.',
      until: at(7_200_000),
    };
    expect(text({ dataTypes: [failed], suspensions: [suspension] })).to.contain(
      [
        'bybit/main balances: PERMISSION_DENIED',
        '  Give the key permission to read wallet=FUND.',
        '  wallet=FUND: never read completely. Next try in 2 h.',
        '',
        '1 of 1 need attention.',
      ].join('\n'),
    );
  });

  it('says once what several data types have in common', () => {
    const missing = {
      status: 'failed',
      errorCode: 'CREDENTIALS_MISSING',
      errorMessage: 'Set the key.',
    } as const;
    const dataTypes = [row(missing), row({ ...missing, dataType: 'orders' })];
    expect(text({ dataTypes })).to.contain(
      'bybit/main balances, orders: CREDENTIALS_MISSING\n  Set the key.\n',
    );
  });

  it('shows an exchange that is left alone and an account that is suspended', () => {
    const shown = text({
      circuits: [{ exchange: 'binance', state: 'open', until: at(30_000), reason: 'It is down.' }],
      suspensions: [
        { exchange: 'bybit', account: 'main', scope: null, reason: 'The key is bad.', until: at(-1) },
      ],
    });
    expect(shown).to.contain(
      'binance: failed repeatedly and is left alone\n  It is down. Next try in 30 s.\n',
    );
    expect(shown).to.contain(
      'bybit/main: suspended, no signed request is sent\n  The key is bad. The next sync tries again. Once it is mended, exchange-sync credentials test bybit/main asks at once.\n',
    );
  });

  it('shows until when nothing is sent, and how many syncs were refused their writes', () => {
    const limit: LimitStatus = {
      exchange: 'binance',
      appliesTo: 'address',
      code: 'BANNED',
      reason: 'HTTP 418.',
      until: at(3_600_000),
    };
    const shown = text({ limits: [limit], refusedWrites: 3 });
    expect(shown).to.contain(
      'binance: this address is banned, nothing is sent\n  HTTP 418. Next try in 1 h.\n',
    );
    expect(shown).to.contain('the writes of 3 syncs');
    expect(text({})).to.not.contain('Refused');
  });

  it('says that no service runs when syncs are overdue, unless there is no schedule', () => {
    const dataTypes = [row({ nextSync: at(-90_000) }), row({ dataType: 'orders' })];
    expect(text({ dataTypes })).to.contain('1 of 2 syncs are overdue: no service seems to be running.');
    expect(text({ dataTypes })).to.contain('1 min late');
    expect(text({ dataTypes, scheduled: false })).to.not.contain('overdue');
  });

  it('says which syncs are overdue while others go on', () => {
    const dataTypes = [row({ nextSync: at(-600_000) }), row({ exchange: 'binance', lastSync: at(-1_000) })];
    expect(text({ dataTypes })).to.contain('Overdue while others are synced: bybit/main.');
  });

  it('says what waits for an exchange that is left alone with it, and not once more', () => {
    const waiting = {
      exchange: 'binance',
      status: 'failed',
      errorCode: 'CIRCUIT_OPEN',
      errorMessage: 'again',
    } as const;
    const shown = text({
      dataTypes: [row(waiting), row({ ...waiting, dataType: 'orders' })],
      circuits: [{ exchange: 'binance', state: 'open', until: at(30_000), reason: 'It is down.' }],
    });
    expect(shown).to.contain('  Waiting for it: binance/main balances, binance/main orders.\n');
    expect(shown).to.not.contain('again');

    const refused = { exchange: 'bybit', account: 'main', scope: null, reason: 'Bad key.', until: at(-1) };
    const suspended = text({
      dataTypes: [row({ status: 'failed', errorCode: 'ACCOUNT_SUSPENDED', errorMessage: 'twice' })],
      suspensions: [refused],
    });
    expect(suspended).to.contain('  Waiting for it: bybit/main balances.\n').and.not.to.contain('twice');
  });
});
