import { expect } from 'chai';
import type { TradeRecord, TransferRecord } from '#src/domain/history-records.js';
import type { AccountClient, HistoryScope } from '#src/exchange/exchange-client.js';
import type { ExchangeManager } from '#src/exchange/exchange-manager.js';
import { add } from '#src/ledger/decimal.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { okxMarkets } from '#src/simulator/world/okx-markets.js';
import type { HistoryPlan } from '#src/simulator/world/world-plan.js';
import { readContext } from './support/managed.js';
import { simulatedManager } from './support/simulated-manager.js';
import { SkippingClock } from './support/skipping-clock.js';
import { unexplained, wholeHistories } from './support/whole-histories.js';

const DAY = 24 * 60 * 60_000;

type ToldFill = Omit<TradeRecord, 'flow' | 'kind' | 'tradeId' | 'cost' | 'realizedPnl'>;

/** What every exchange tells of a fill, whatever number it gives it. */
function told(fills: readonly ToldFill[]): string[] {
  return fills
    .map(({ symbol, side, orderId, price, amount, feeCost = '0', feeCurrency, role, timestampMs }) => {
      const numbers = [price, amount, feeCost].map((number) => add(number, '0'));
      return [timestampMs, symbol, side, orderId, ...numbers, feeCurrency, role].join(' ');
    })
    .sort();
}

function moved(transfers: readonly Omit<TransferRecord, 'rawStatus'>[]): string[] {
  return transfers
    .map(({ kind, id, currency, amount, change, status, transactionId }) =>
      [
        kind,
        kind === 'internal' ? '' : id,
        currency,
        amount,
        add(change, '0'),
        status,
        status === 'ok' ? transactionId : '',
      ].join(' '),
    )
    .sort();
}

describe('histories of simulated exchanges', () => {
  let simulator: Simulator;
  let manager: ExchangeManager;
  let clock: SkippingClock;
  afterEach(async () => {
    await manager.close();
    await simulator.stop();
  });

  async function start(
    exchange: string,
    seed: string,
    days: number,
    history: HistoryPlan,
  ): Promise<AccountClient> {
    clock = new SkippingClock();
    simulator = await startSimulator({
      seed,
      clock,
      historyMs: days * DAY,
      plan: (listedMs) => ({
        accounts: [{ exchange, account: 'main', holdings: [], history }],
        markets: exchange === 'okx' ? okxMarkets(listedMs) : [],
      }),
    });
    manager = simulatedManager({ simulator, exchange, clock });
    return manager.account({ exchange, account: 'main' }, readContext());
  }

  const transfersOf = (exchange: string) => [...simulator.history(exchange, 'main').transfers()];
  const fillsOf = (exchange: string) => [...simulator.history(exchange, 'main').fills()];

  /** Symbols of which there are fills, of the kind that the list is about. */
  function symbolsOf({ id }: HistoryScope): string[] {
    const kind = { spot: 'spot', 'USD-M': 'linear', 'COIN-M': 'inverse' }[id];
    return [
      ...new Set(
        fillsOf('binance')
          .filter(({ marketKind }) => marketKind === kind)
          .map(({ symbol }) => symbol),
      ),
    ];
  }

  for (const exchange of ['binance', 'okx']) {
    for (let world = 1; world <= 4; world += 1) {
      it(`of ${exchange} explain every balance of world ${world} to the last digit`, async () => {
        const days = 20 * world;
        const account = await start(exchange, `${exchange} ${world}`, days, { fills: 60 * world });
        const range = { fromMs: clock.now() - (days + 1) * DAY, toMs: clock.now() + 1 };
        const histories = await wholeHistories(account, range, symbolsOf);
        expect(told(histories.trades)).deep.equal(told(fillsOf(exchange)));
        expect(moved(histories.transfers)).deep.equal(moved(transfersOf(exchange)));
        expect(await unexplained(account, histories)).deep.equal([]);
      });
    }
  }

  it('of years of one symbol of binance take a request per thousand fills, and few more', async () => {
    const account = await start('binance', 'years', 800, {
      fills: 3500,
      plain: true,
      symbols: ['BTC/USDT'],
      gaps: [{ fromDay: 100, days: 90 }],
      bursts: [{ at: 1200, size: 9 }],
    });
    const range = { fromMs: clock.now() - 801 * DAY, toMs: clock.now() + 1 };
    const context = readContext();
    const records: TradeRecord[] = [];
    const request = { scope: 'spot', symbol: 'BTC/USDT', range };
    for await (const page of account.readHistory('trades', request, context)) records.push(...page.records);
    expect(told(records)).deep.equal(told(fillsOf('binance')));
    expect(context.meter.requests).most(Math.ceil(3500 / 1000) + 3);
  });

  it('of okx neither lose nor double what happened in one millisecond at the end of a page', async () => {
    const account = await start('okx', 'burst', 60, {
      fills: 450,
      plain: true,
      symbols: ['BTC/USDT', 'BTC/USDT:USDT'],
      bursts: [
        { at: 96, size: 8 },
        { at: 297, size: 5 },
      ],
    });
    const range = { fromMs: clock.now() - 61 * DAY, toMs: clock.now() + 1 };
    const histories = await wholeHistories(account, range);
    expect(told(histories.trades)).deep.equal(told(fillsOf('okx')));
    expect(await unexplained(account, histories)).deep.equal([]);
  });
});
