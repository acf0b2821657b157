import { expect } from 'chai';
import type { LedgerRecord } from '#src/domain/history-records.js';
import { eventsOfOneMoment, type HistoryRow } from '#src/ledger/cost-basis-history.js';
import { ledgerRow, trade, transfer } from '../storage/records.js';

const account = { exchange: 'bybit', account: 'main' };
const other = { exchange: 'okx', account: 'main' };
const atMs = Date.UTC(2026, 0, 1);
const of = (...rows: HistoryRow[]) => eventsOfOneMoment([], rows);
const ledger = (changes: Partial<LedgerRecord>): HistoryRow => ({
  ...{ account, dataType: 'ledger' },
  record: ledgerRow(changes),
});

describe('eventsOfOneMoment', () => {
  it('begins with openings, then lets leave what arrives elsewhere in the same millisecond', () => {
    const rows: HistoryRow[] = [
      { account, dataType: 'trades', record: trade() },
      ledger({}),
      { account: other, dataType: 'transfers', record: transfer({ kind: 'deposit', change: '100' }) },
      { account, dataType: 'transfers', record: transfer() },
    ];
    const opening = { account, asset: 'BTC', horizonMs: atMs, quantity: '1' };
    const events = eventsOfOneMoment([opening], rows);
    expect(events.map((event) => ('change' in event ? event.change : event.type))).to.deep.equal([
      ...['opening', '-101', '100', 'income', 'trade'],
    ]);
  });

  it('counts each event once', () => {
    const rows: HistoryRow[] = [
      { account, dataType: 'trades', record: trade({ flow: 'none' }) },
      { account, dataType: 'transfers', record: transfer({ status: 'pending' }) },
      { account, dataType: 'transfers', record: transfer({ kind: 'internal', change: '0' }) },
      ledger({ counts: false }),
      ledger({ counts: false, kind: 'conversion' }),
    ];
    expect(of(...rows)).to.deep.equal([]);
  });

  it('takes profit and fee of a derivative as two', () => {
    const record = trade({
      flow: 'profit',
      settleCurrency: 'USDT',
      realizedPnl: '5',
      feeCost: '1',
      feeCurrency: 'BNB',
    });
    expect(of({ account, dataType: 'trades', record })).to.deep.equal([
      { ...account, type: 'income', asset: 'USDT', amount: '5', atMs },
      { ...account, type: 'income', asset: 'BNB', amount: '-1', atMs },
    ]);
  });

  it('puts the sides of a conversion together, each less its fee', () => {
    const side = (id: string, currency: string, amount: string, reference: string) =>
      ledger({ id, kind: 'conversion', currency, amount, reference, ...(id === '2' && { feeCost: '0.5' }) });
    const events = of(
      side('1', 'ETH', '-1', 'a'),
      side('2', 'USDT', '3000', 'a'),
      side('3', 'BTC', '0.1', 'b'),
    );
    const legs = [
      { asset: 'ETH', amount: '-1' },
      { asset: 'USDT', amount: '2999.5' },
    ];
    expect(events).to.deep.equal([
      { ...account, type: 'conversion', legs, atMs },
      // Nothing says what it was given for.
      { ...account, type: 'income', asset: 'BTC', amount: '0.1', atMs },
    ]);
  });

  it('does not call a profit what may have come from elsewhere', () => {
    const [event] = of(ledger({ kind: 'other', rawKind: 'GIFT', amount: '2' }));
    expect(event).to.include({ type: 'transfer', change: '2', amount: '2', reason: 'received as GIFT' });
  });

  it('knows a transfer that the ledger counts by its transaction, and by what arrives without the fee', () => {
    const record = ledgerRow({ kind: 'transfer', amount: '-0.28', feeCost: '0.005', reference: 'A2BF34S' });
    const [known] = of({ account, dataType: 'ledger', record, transactionId: '0xabc' });
    expect(known).to.include({ type: 'transfer', change: '-0.285', amount: '0.28', transactionId: '0xabc' });
    expect(known).not.to.have.property('moveId');
    const [alone] = of({ account, dataType: 'ledger', record });
    expect(alone).to.include({ moveId: 'A2BF34S' });
  });
});
