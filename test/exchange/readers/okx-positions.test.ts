import { expect } from 'chai';
import { answering } from './answering.js';
import { data, useOkx } from './okx-account.js';
import { readContext } from './passing-session.js';

describe("okx's positions", () => {
  const okx = useOkx();
  const POSITION = {
    mgnMode: 'cross',
    posSide: 'net',
    posCcy: '',
    avgPx: '60000',
    markPx: '61000',
    upl: '0',
    lever: '10',
    liqPx: '',
    cTime: '1758190000000',
    uTime: '1758190050000',
  };
  const read = async (...rows: object[]) => {
    const positions = rows.map((row, index) => ({ ...POSITION, posId: String(index + 1), ...row }));
    const account = await okx.behind(answering('/api/v5/account/positions', data(...positions)));
    return account.readPositions('all', readContext());
  };

  it('have quantities in the base currency, by what one contract is worth', async () => {
    const { records } = await read(
      { instType: 'SWAP', instId: 'BTC-USDT-SWAP', pos: '-25' },
      { instType: 'SWAP', instId: 'BTC-USD-SWAP', pos: '7' },
      { instType: 'OPTION', instId: 'BTC-USD-261225-70000-C', pos: '3', lever: '' },
    );
    expect(
      records.map(({ symbol, side, contracts, quantity }) => [symbol, side, contracts, quantity]),
    ).deep.equal([
      ['BTC/USDT:USDT', 'short', '25', '0.25'],
      ['BTC/USD:BTC', 'long', '7', undefined],
      ['BTC/USD:BTC-261225-70000-C', 'long', '3', '0.03'],
    ]);
    expect(records[0]).includes({
      unrealizedPnl: '0',
      marginMode: 'cross',
      timestampMs: 1_758_190_050_000,
    });
  });

  it('on margin have a quantity where they are in the base currency', async () => {
    const margin = { instType: 'MARGIN', instId: 'BTC-USDT' };
    const { records } = await read(
      { ...margin, pos: '0.5', posCcy: 'BTC' },
      { ...margin, pos: '3000', posCcy: 'USDT' },
    );
    expect(
      records.map(({ symbol, side, contracts, quantity }) => [symbol, side, contracts, quantity]),
    ).deep.equal([
      ['BTC/USDT', 'long', '0.5', '0.5'],
      ['BTC/USDT', 'short', '3000', undefined],
    ]);
  });

  it('that differ in nothing but their margin currency are set aside, not merged or dropped', async () => {
    const margin = { instType: 'MARGIN', instId: 'BTC-USDT', pos: '0.5', posCcy: 'BTC' };
    const { records, rejected } = await read(
      { ...margin, ccy: 'USDT' },
      { ...margin, ccy: 'BTC', uTime: '1758190051000' },
      { instType: 'SWAP', instId: 'BTC-USDT-SWAP', pos: '1' },
      { instType: 'SWAP', instId: 'BTC-USDT-SWAP', pos: '0' },
    );
    expect(records.map(({ symbol }) => symbol)).deep.equal(['BTC/USDT:USDT']);
    expect(rejected.map(({ row }) => row)).deep.equal(['position in BTC/USDT', 'position in BTC/USDT']);
  });
});
