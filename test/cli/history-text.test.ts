import { expect } from 'chai';
import { formatHistory } from '#src/cli/history-text.js';
import type { HistoryEntry } from '#src/domain/sync-history.js';
import { display } from './display.js';

function entry(fields: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    id: '1',
    runId: 'run-1',
    exchange: 'bybit',
    account: 'main',
    dataType: 'balances',
    status: 'ok',
    itemsProcessed: 4,
    itemsSynced: 3,
    startedAt: '2026-03-01T12:00:05.123Z',
    finishedAt: '2026-03-01T12:00:06.000Z',
    requests: 2,
    errorCode: null,
    errorMessage: null,
    ...fields,
  };
}

describe('history, as text', () => {
  it('is a row for each sync', () => {
    expect(formatHistory([entry()], display())).to.match(
      /\n2026-03-01 12:00:05Z {2}bybit\/main {2}balances {2}ok {9}3 {3}4 {9}2 {2}—\n$/,
    );
  });

  it('tells the newest message of each problem, once', () => {
    const open = { status: 'failed', errorCode: 'CIRCUIT_OPEN' } as const;
    const shown = formatHistory(
      [
        entry({ ...open, errorMessage: 'Tried again at 12:30.' }),
        entry({ ...open, dataType: 'orders', errorMessage: 'Tried again at 12:30.' }),
        entry({ ...open, errorMessage: 'Tried again at 12:00.' }),
      ],
      display(),
    );
    expect(shown).to.match(/\n\nbybit\/main balances, orders: CIRCUIT_OPEN\n {2}Tried again at 12:30\.\n$/);
  });
});
