import { expect } from 'chai';
import { answering } from './answering.js';
import { data, useOkx } from './okx-account.js';
import { readContext } from './passing-session.js';

describe("okx's balances", () => {
  const okx = useOkx();
  const trading = async (...details: object[]) => {
    const account = await okx.behind(answering('/api/v5/account/balance', data({ details })));
    return account.readBalances('wallet=TRADING', readContext());
  };

  it("are equity less unrealised profit, with what okx's bots hold", async () => {
    const { records } = await trading({
      ccy: 'USDT',
      eq: '4992.890093622894',
      cashBal: '4850.435693622894',
      stgyEq: '150',
      upl: '-7.545600000000006',
      availBal: '4834.317093622894',
      availEq: '4834.3170936228935',
      frozenBal: '158.573',
      liab: '0',
    });
    expect(records).deep.equal([
      {
        wallet: 'TRADING',
        currency: 'USDT',
        available: '4834.317093622894',
        locked: '158.573',
        total: '5000.435693622894',
      },
    ]);
  });

  it('have the margin of isolated positions in them, which is not cash', async () => {
    const { records } = await trading({
      ccy: 'USDT',
      eq: '1012.5',
      cashBal: '900',
      isoEq: '110.5',
      isoUpl: '10.5',
      upl: '12.5',
      stgyEq: '0',
      availBal: '900',
      frozenBal: '100',
    });
    expect(records[0]).includes({ total: '1000' });
  });

  it('are complete where the equity has something in it that no part names', async () => {
    const { records } = await trading({
      ccy: 'USDT',
      eq: '1000',
      cashBal: '900',
      upl: '10',
      availBal: '900',
      frozenBal: '0',
    });
    expect(records[0]).includes({ total: '990' });
  });

  it('of a spot account, which has no profit, are its equity', async () => {
    const { records } = await trading({
      ccy: 'BTC',
      eq: '1.0095984098559447',
      cashBal: '1.0095984098559447',
      upl: '',
      availBal: '1.0095984098559447',
      availEq: '',
      frozenBal: '0',
      liab: '',
    });
    expect(records[0]).includes({ total: '1.0095984098559447', available: '1.0095984098559447' });
  });

  it('say what is available where only the available equity is told', async () => {
    const { records } = await trading({
      ccy: 'USDT',
      eq: '541.1031235627408',
      cashBal: '538.3521235627409',
      upl: '2.751000000000017',
      availBal: '',
      availEq: '413.8757902294076',
      frozenBal: '127.22733333333332',
    });
    expect(records[0]).includes({ total: '538.3521235627409', available: '413.8757902294076' });
  });

  it('are negative for debt, which is in the equity and is not taken off again', async () => {
    const { records } = await trading({
      ccy: 'BTC',
      eq: '-0.5',
      cashBal: '-0.5',
      upl: '0',
      liab: '0.5',
      availBal: '0',
      frozenBal: '0',
    });
    expect(records[0]).includes({ currency: 'BTC', total: '-0.5' });
  });

  it('without a currency are set aside', async () => {
    const { records, rejected } = await trading({ ccy: '', eq: '0.0278185', upl: '', frozenBal: '0' });
    expect(records).deep.equal([]);
    expect(rejected).lengthOf(1);
  });

  it('of the funding wallet are read apart', async () => {
    const row = { ccy: 'ETH', bal: '2.5', availBal: '2', frozenBal: '0.5' };
    const account = await okx.behind(answering('/api/v5/asset/balances', data(row)));
    const { records } = await account.readBalances('wallet=FUNDING', readContext());
    expect(records).deep.equal([
      { wallet: 'FUNDING', currency: 'ETH', available: '2', locked: '0.5', total: '2.5' },
    ]);
  });
});
