import { expect } from 'chai';
import { HOST_PARTS } from '#src/bridge/host-parts.js';
import type { HistoryDataType } from '#src/domain/data-type.js';
import { ExchangeDataSynchronizer } from '#src/synchronizer.js';
import { rejection } from '../bridge/rejection.js';
import { expectError } from '../support/expect-error.js';

const ENTRY = new URL('./workers/scripted-engine.js', import.meta.url);
const OPTIONS = { env: { EXCHANGE_SYNC_EXCHANGES: 'bybit,binance', DB_HOST: 'db.example' } };

describe('the calls for histories', () => {
  let synchronizer: ExchangeDataSynchronizer;
  let starts: number;

  beforeEach(() => {
    starts = 0;
    synchronizer = new ExchangeDataSynchronizer({
      ...HOST_PARTS,
      entry: ENTRY,
      openLog: async () => {
        starts += 1;
        return { write: () => undefined, close: async () => undefined };
      },
    });
  });

  afterEach(() => synchronizer.stop());

  it('work in a worker that lives as long as the call, and in the service while it runs', async () => {
    const work = { exchange: 'bybit', account: 'sub1', fromMs: Date.UTC(2024, 0, 1), allSymbols: true };
    const options = { target: ' Bybit/SUB1 ', from: '2024-01-01', allSymbols: true };
    expect(await synchronizer.backfill(options, OPTIONS)).to.deep.equal({ mode: 'on-demand', work });
    expect(starts).to.equal(1);
    await synchronizer.start(OPTIONS);
    expect(await synchronizer.backfill(options)).to.deep.equal({ mode: 'service', work });
  });

  it('backfill everything as far back as it is served when nothing else is said', async () => {
    expect(await synchronizer.backfill({}, OPTIONS)).to.deep.equal({
      mode: 'on-demand',
      work: { allSymbols: false },
    });
  });

  it('backfill one data type alone, and none that has no history', async () => {
    const { work } = (await synchronizer.backfill({ dataType: 'trades' }, OPTIONS)) as never;
    expect(work).to.deep.equal({ dataType: 'trades', allSymbols: false });
    await expectError(synchronizer.backfill({ dataType: 'prices' as never }, OPTIONS), 'DATA_TYPE_UNKNOWN');
  });

  it('repair a range of one data type or of all', async () => {
    const range = { fromMs: Date.UTC(2024, 0, 1), toMs: Date.UTC(2024, 0, 2) };
    const days = { from: '2024-01-01', to: '2024-01-02' };
    expect(await synchronizer.repair(days, OPTIONS)).to.deep.equal({ mode: 'on-demand', work: { range } });
    const trades = await synchronizer.repair({ ...days, dataType: 'trades', target: 'binance' }, OPTIONS);
    expect(trades).to.have.deep.property('work', {
      exchange: 'binance',
      account: undefined,
      dataType: 'trades',
      range,
    });
  });

  it('read coverage and proof without changing anything', async () => {
    const filter = { exchange: 'bybit', dataType: 'ledger' } as const;
    expect(await synchronizer.coverage(filter, OPTIONS)).to.deep.equal({ mode: 'read-only', filter });
    expect(await synchronizer.proof({}, OPTIONS)).to.deep.equal({ mode: 'read-only', filter: {} });
  });

  it('refuse what can not be meant before a worker is started', async () => {
    const days = { from: '2024-01-01', to: '2024-01-02' };
    const mistyped = (word: string) => word as HistoryDataType;
    const refused = [
      {
        code: 'RANGE_INVALID',
        words: 'is not a date',
        call: synchronizer.backfill({ from: '1.1.24' }, OPTIONS),
      },
      {
        code: 'RANGE_INVALID',
        words: 'future',
        call: synchronizer.backfill({ from: '2999-01-01' }, OPTIONS),
      },
      {
        code: 'EXCHANGE_UNKNOWN',
        words: 'did you mean bybit',
        call: synchronizer.backfill({ target: 'bybitt' }, OPTIONS),
      },
      {
        code: 'EXCHANGE_NOT_CONFIGURED',
        words: 'okx',
        call: synchronizer.repair({ ...days, target: 'okx' }, OPTIONS),
      },
      {
        code: 'RANGE_INVALID',
        words: 'does not come after',
        call: synchronizer.repair({ from: days.to, to: days.from }, OPTIONS),
      },
      {
        code: 'DATA_TYPE_UNKNOWN',
        words: 'did you mean trades',
        call: synchronizer.coverage({ dataType: mistyped('trade') }, OPTIONS),
      },
      {
        code: 'DATA_TYPE_UNKNOWN',
        words: 'history',
        call: synchronizer.repair({ ...days, dataType: mistyped('balances') }, OPTIONS),
      },
    ];
    for (const { code, words, call } of refused) {
      const error = await rejection(call);
      expect(error.code).to.equal(code);
      expect(error.message).to.contain(words);
    }
    expect(starts).to.equal(0);
  });
});
