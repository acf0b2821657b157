import { expect } from 'chai';
import { compileSettings } from '#src/config/compile-settings.js';
import type { SettingOptions } from '#src/config/setting-options.js';
import type { SettingProblem } from '#src/config/setting-values.js';
import { ExchangeSyncError } from '#src/domain/errors.js';

function openings(env: Record<string, string>, options: SettingOptions = {}) {
  return compileSettings(options, env, '/').settings.accountOpenings;
}

function problemsOf(env: Record<string, string>, options: SettingOptions = {}): readonly string[] {
  try {
    compileSettings(options, env, '/');
  } catch (error: unknown) {
    if (!(error instanceof ExchangeSyncError)) throw error;
    const problems = error.details.problems as readonly SettingProblem[];
    return problems.map(({ setting, message }) => `${setting} ${message}`);
  }
  return [];
}

describe('when accounts were opened', () => {
  it('is read for each account, and is the beginning of the day in UTC', () => {
    const env = {
      BYBIT_OPENED_ON: '2021-05-17',
      BYBIT_SUB1_OPENED_ON: '2024-02-29',
      OKX_OPENED_ON: '2020-01-01',
    };
    expect(openings(env)).to.deep.equal({
      'bybit/main': Date.UTC(2021, 4, 17),
      'bybit/sub1': Date.UTC(2024, 1, 29),
    });
  });

  it('is taken as an option, which wins', () => {
    const options = { openedOn: { bybit: '2022-01-01', 'bybit/sub2': '2023-03-04' } };
    expect(openings({ BYBIT_OPENED_ON: '2021-05-17' }, options)).to.deep.equal({
      'bybit/main': Date.UTC(2022, 0, 1),
      'bybit/sub2': Date.UTC(2023, 2, 4),
    });
  });

  it('is not guessed where two variables differ', () => {
    const env = { BYBIT_OPENED_ON: '2021-05-17', BYBIT_MAIN_OPENED_ON: '2021-05-18' };
    expect(problemsOf(env).join()).to.include(
      'BYBIT_OPENED_ON and BYBIT_MAIN_OPENED_ON are both set, differ',
    );
    expect(problemsOf({ ...env, BYBIT_MAIN_OPENED_ON: '2021-05-17' })).to.deep.equal([]);
  });

  for (const [given, says] of [
    ['2021-02-30', 'is not a day'],
    ['17.05.2021', 'is not a day'],
    ['2021-05-17T10:00:00Z', 'is not a day'],
    ['2999-01-01', 'is in the future'],
    ['0021-05-17', 'is before 2010-01-01'],
  ] as const) {
    it(`refuses ${given}`, () => {
      expect(problemsOf({ BYBIT_OPENED_ON: given }).join()).to.include(`BYBIT_OPENED_ON "${given}" ${says}`);
    });
  }

  it('refuses the option for what is not configured', () => {
    expect(problemsOf({}, { openedOn: { okx: '2021-05-17' } }).join()).to.include(
      "openedOn['okx'] is no account",
    );
  });
});

describe('how long snapshots are kept', () => {
  it('is 7 days for all and 90 for one an hour, or what is set', () => {
    const read = (env: Record<string, string>) => compileSettings({}, env, '/').settings.snapshots;
    expect(read({})).to.deep.equal({ fullDays: 7, hourlyDays: 90 });
    expect(
      read({ EXCHANGE_SYNC_SNAPSHOT_FULL_DAYS: '2', EXCHANGE_SYNC_SNAPSHOT_HOURLY_DAYS: '30' }),
    ).to.deep.equal({
      fullDays: 2,
      hourlyDays: 30,
    });
  });

  it('can not end for one an hour before it ends for all', () => {
    expect(problemsOf({ EXCHANGE_SYNC_SNAPSHOT_HOURLY_DAYS: '3' }).join()).to.include('can not end (3 days)');
  });
});
