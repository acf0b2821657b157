import { expect } from 'chai';
import type { CostBasisMethod } from '#src/domain/cost-basis-method.js';
import { CostBasisFold, type PriceAt } from '#src/ledger/cost-basis.js';
import type { CostBasisEvent } from '#src/ledger/cost-basis-events.js';
import { type CostBasis, costBasisOf } from '#src/ledger/cost-basis-view.js';

const MAIN = { exchange: 'bybit', account: 'main' };
const OTHER = { exchange: 'okx', account: 'main' };
const DAY = 86_400_000;
const START = Date.UTC(2025, 2, 1);
const PRICES: Readonly<Record<string, string>> = { BTC: '60000', ETH: '3000', BNB: '600', TRY: '0.03' };

/** Without the account and the time, which follow from the place in the list. */
type Step<Event = CostBasisEvent> = Event extends CostBasisEvent
  ? Omit<Event, 'exchange' | 'account' | 'atMs'> & { exchange?: string; account?: string; atMs?: number }
  : never;

const opening = (asset: string, quantity = '0'): Step => ({
  type: 'opening',
  asset,
  quantity,
  reason: 'before the history that bybit still serves',
});
const trade = (side: 'buy' | 'sell', amount: string, market: string, cost: string, fee?: string): Step => {
  const [base = '', quote = ''] = market.split('/');
  const [feeAmount = '', feeAsset = ''] = fee?.split(' ') ?? [];
  const paid = fee === undefined ? {} : { fee: { asset: feeAsset, amount: feeAmount } };
  return { type: 'trade', side, base, quote, amount, cost, ...paid };
};
const buy = (amount: string, market: string, cost: string, fee?: string) =>
  trade('buy', amount, market, cost, fee);
const sell = (amount: string, market: string, cost: string, fee?: string) =>
  trade('sell', amount, market, cost, fee);
const income = (asset: string, amount: string): Step => ({ type: 'income', asset, amount });
const transfer = (asset: string, change: string, more: Partial<Step> = {}): Step =>
  ({
    type: 'transfer',
    asset,
    change,
    amount: change.replace('-', ''),
    reason: 'deposited from outside',
    ...more,
  }) as Step;

interface World {
  readonly method?: CostBasisMethod;
  readonly priceAt?: PriceAt;
}

const knownPrices: PriceAt = (_exchange, asset) => {
  const price = PRICES[asset];
  return price === undefined ? { reason: 'no price at trade time' } : { price };
};

/** What the steps leave of an asset; the exchange reports `quantity`. */
function basis(
  steps: readonly Step[],
  asset: string,
  quantity: string,
  { method = 'average', priceAt = knownPrices, of = MAIN }: World & { of?: typeof MAIN } = {},
): CostBasis {
  const fold = new CostBasisFold({ method, quoteCurrency: 'USDT', priceAt });
  steps.forEach((step, index) => {
    fold.apply({ ...MAIN, atMs: START + index * DAY, ...step } as CostBasisEvent);
  });
  const holding = fold.state().holdings[`${of.exchange}/${of.account}`]?.[asset];
  return costBasisOf(holding, {
    quantity,
    atMs: START + steps.length * DAY,
    isQuoteCurrency: asset === 'USDT',
    method,
  });
}

describe('CostBasisFold', () => {
  it('averages what was bought, and sells at the average', () => {
    const steps = [
      buy('1', 'BTC/USDT', '60000'),
      buy('1', 'BTC/USDT', '70000'),
      sell('0.5', 'BTC/USDT', '40000'),
    ];
    expect(basis(steps, 'BTC', '1.5')).to.deep.equal({
      knownQuantity: '1.5',
      unknownQuantity: '0',
      avgEntryPrice: '65000',
      realizedPnl: '7500',
      note: undefined,
    });
  });

  it('sells the oldest first where that is chosen', () => {
    const steps = [
      buy('1', 'BTC/USDT', '60000'),
      buy('1', 'BTC/USDT', '70000'),
      sell('1.5', 'BTC/USDT', '120000'),
    ];
    expect(basis(steps, 'BTC', '0.5', { method: 'fifo' })).to.include({
      knownQuantity: '0.5',
      avgEntryPrice: '70000',
      realizedPnl: '25000',
    });
  });

  describe('fees', () => {
    it('in the quote currency add to the cost, and take from the proceeds', () => {
      const steps = [buy('1', 'BTC/USDT', '60000', '60 USDT'), sell('0.5', 'BTC/USDT', '40000', '40 USDT')];
      expect(basis(steps, 'BTC', '0.5')).to.include({ avgEntryPrice: '60060', realizedPnl: '9930' });
    });

    it('in the base currency reduce what is received', () => {
      const steps = [buy('1', 'BTC/USDT', '60000', '0.2 BTC')];
      expect(basis(steps, 'BTC', '0.8')).to.include({ knownQuantity: '0.8', avgEntryPrice: '75000' });
    });

    it('in a third coin add its value, and dispose of that coin', () => {
      const steps = [buy('2', 'BNB/USDT', '1000'), buy('1', 'BTC/USDT', '60000', '0.1 BNB')];
      expect(basis(steps, 'BTC', '1')).to.include({ avgEntryPrice: '60060', realizedPnl: '0' });
      // 0.1 BNB were bought at 500 and given at 600.
      expect(basis(steps, 'BNB', '1.9')).to.include({ avgEntryPrice: '500', realizedPnl: '10' });
    });

    it('in a third coin take their value from what a sale brings', () => {
      const steps = [buy('1', 'BTC/USDT', '60000'), sell('1', 'BTC/USDT', '61000', '1 BNB')];
      expect(basis(steps, 'BTC', '0')).to.include({ realizedPnl: '400' });
    });

    it('that are paid back make it cheaper', () => {
      expect(basis([buy('1', 'BTC/USDT', '60000', '-6 USDT')], 'BTC', '1')).to.include({
        avgEntryPrice: '59994',
      });
    });
  });

  describe('one coin against another', () => {
    it('values both by the quote side: the one realises, the other costs that', () => {
      const steps = [buy('1', 'BTC/USDT', '50000'), buy('10', 'ETH/BTC', '0.5')];
      expect(basis(steps, 'ETH', '10')).to.include({ avgEntryPrice: '3000' });
      expect(basis(steps, 'BTC', '0.5')).to.include({ avgEntryPrice: '50000', realizedPnl: '5000' });
    });

    it('needs no price where the base currency is the quote currency', () => {
      const steps = [sell('100', 'USDT/TRY', '4000'), buy('50', 'USDT/TRY', '1600')];
      expect(basis(steps, 'TRY', '2400', { priceAt: () => ({ reason: 'none' }) })).to.include({
        knownQuantity: '2400',
        avgEntryPrice: '0.025',
        realizedPnl: '10',
      });
    });

    it('falls back to the base side, and is of unknown cost without any', () => {
      const onlyEth: PriceAt = (_exchange, asset) =>
        asset === 'ETH' ? { price: '3000' } : { reason: 'no price' };
      const steps = [buy('10', 'ETH/BTC', '0.5')];
      expect(basis(steps, 'ETH', '10', { priceAt: onlyEth })).to.include({ avgEntryPrice: '3000' });
      expect(basis(steps, 'ETH', '10', { priceAt: () => ({ reason: 'no price' }) })).to.deep.equal({
        knownQuantity: '0',
        unknownQuantity: '10',
        avgEntryPrice: undefined,
        realizedPnl: '0',
        note: 'The cost of 10 is unknown: 10 no price (2025-03-01).',
      });
    });

    it('converts several at once: each by its share of what was got', () => {
      const dust: Step = {
        type: 'conversion',
        legs: [
          { asset: 'ETH', amount: '-0.1' },
          { asset: 'TRY', amount: '-10000' },
          { asset: 'BNB', amount: '0.8' },
        ],
      };
      const steps = [buy('1', 'ETH/USDT', '2000'), buy('10000', 'TRY/USDT', '200'), dust];
      // 480 for what was worth 300 and 300.
      expect(basis(steps, 'ETH', '0.9')).to.include({ realizedPnl: '40' });
      expect(basis(steps, 'TRY', '0')).to.include({ realizedPnl: '40' });
      expect(basis(steps, 'BNB', '0.8')).to.include({ avgEntryPrice: '600' });
    });

    it('converts against the quote currency without any price', () => {
      const legs = [
        { asset: 'XYZ', amount: '4' },
        { asset: 'USDT', amount: '-10' },
      ];
      expect(basis([{ type: 'conversion', legs }], 'XYZ', '4')).to.include({ avgEntryPrice: '2.5' });
    });
  });

  describe('what is owed', () => {
    it('has the average of what was sold short, realises when it is bought back, and crosses zero', () => {
      const steps = [opening('BTC'), sell('2', 'BTC/USDT', '120000'), buy('1', 'BTC/USDT', '50000')];
      expect(basis(steps, 'BTC', '-1')).to.include({
        knownQuantity: '-1',
        avgEntryPrice: '60000',
        realizedPnl: '10000',
      });
      const crossed = basis([...steps, buy('3', 'BTC/USDT', '150000')], 'BTC', '2');
      expect(crossed).to.include({ knownQuantity: '2', avgEntryPrice: '50000', realizedPnl: '20000' });
    });

    it('is not owed but was here before, where history may not know all', () => {
      const result = basis([sell('2', 'BTC/USDT', '120000'), buy('1', 'BTC/USDT', '50000')], 'BTC', '4');
      expect(result).to.deep.equal({
        knownQuantity: '1',
        unknownQuantity: '3',
        avgEntryPrice: '50000',
        realizedPnl: '0',
        note: 'The cost of 3 is unknown: 3 not explained by history. The realised profit leaves out 2 whose cost or price is unknown.',
      });
    });
  });

  describe('what was earned and paid', () => {
    it('costs what it was worth when it came, and is a profit', () => {
      expect(basis([income('ETH', '0.5')], 'ETH', '0.5')).to.include({
        avgEntryPrice: '3000',
        realizedPnl: '1500',
      });
      expect(basis([income('USDT', '-12.5'), income('USDT', '2')], 'USDT', '90')).to.include({
        knownQuantity: '90',
        unknownQuantity: '0',
        avgEntryPrice: '1',
        realizedPnl: '-10.5',
      });
    });

    it('is a loss of what it had cost, whatever it was worth', () => {
      const steps = [buy('1', 'BTC/USDT', '50000'), income('BTC', '-0.1')];
      expect(basis(steps, 'BTC', '0.9')).to.include({ avgEntryPrice: '50000', realizedPnl: '-5000' });
    });
  });

  describe('units of unknown cost', () => {
    const opened = [
      opening('BTC', '1'),
      transfer('BTC', '2'),
      transfer('BTC', '1'),
      buy('4', 'BTC/USDT', '240000'),
    ];

    it('are told by reason, and leave with the known ones in proportion', () => {
      expect(basis(opened, 'BTC', '8')).to.deep.equal({
        knownQuantity: '4',
        unknownQuantity: '4',
        avgEntryPrice: '60000',
        realizedPnl: '0',
        note: 'The cost of 4 is unknown: 1 before the history that bybit still serves (2025-03-01), 3 deposited from outside (2025-03-02 to 2025-03-03).',
      });
      const sold = basis([...opened, sell('2', 'BTC/USDT', '160000')], 'BTC', '6');
      expect(sold).to.include({
        knownQuantity: '3',
        unknownQuantity: '3',
        avgEntryPrice: '60000',
        realizedPnl: '20000',
      });
      expect(sold.note).to.match(
        /^The cost of 3 is unknown: 3 deposited.* leaves out 1 whose cost or price is unknown\.$/,
      );
    });

    it('leave in the order in which they came where the oldest go first', () => {
      const steps = [...opened, sell('5', 'BTC/USDT', '400000')];
      const sold = basis(steps, 'BTC', '3', { method: 'fifo' });
      expect(sold).to.include({ knownQuantity: '3', unknownQuantity: '0', realizedPnl: '20000' });
    });

    it('are what the exchange reports beyond history; what it reports less takes both away without a profit', () => {
      const steps = [transfer('BTC', '2'), buy('2', 'BTC/USDT', '100000')];
      expect(basis(steps, 'BTC', '5')).to.include({
        knownQuantity: '2',
        unknownQuantity: '3',
        realizedPnl: '0',
      });
      expect(basis(steps, 'BTC', '1')).to.include({
        knownQuantity: '0.5',
        unknownQuantity: '0.5',
        avgEntryPrice: '50000',
      });
      expect(basis(steps, 'BTC', '-1')).to.include({ knownQuantity: '0', unknownQuantity: '-1' });
    });

    it('are everything that was there when history begins anew after a hole', () => {
      const steps = [buy('2', 'BTC/USDT', '100000'), opening('BTC', '3')];
      expect(basis(steps, 'BTC', '3')).to.include({ knownQuantity: '0', unknownQuantity: '3' });
    });
  });

  describe('transfers between own accounts', () => {
    const bought = [transfer('BTC', '1'), buy('3', 'BTC/USDT', '150000')];
    const gone = (more: Partial<Step> = {}) => transfer('BTC', '-2.1', { amount: '2', ...more });
    const come = (more: Partial<Step> = {}) => transfer('BTC', '2', { ...OTHER, ...more });

    it('carry known and unknown units and their cost; the fee is a loss of what it had cost', () => {
      const steps = [...bought, gone({ transactionId: '0xAB' }), come({ transactionId: 'ab' })];
      expect(basis(steps, 'BTC', '2', { of: OTHER })).to.include({
        knownQuantity: '1.5',
        unknownQuantity: '0.5',
        avgEntryPrice: '50000',
      });
      expect(basis(steps, 'BTC', '1.9')).to.include({
        knownQuantity: '1.425',
        avgEntryPrice: '50000',
        realizedPnl: '-3750',
      });
    });

    it('are found by currency and amount within a day', () => {
      const later = (hours: number) => come({ atMs: START + 2 * DAY + hours * 3_600_000 });
      const of = { of: OTHER };
      expect(basis([...bought, gone(), later(24)], 'BTC', '2', of)).to.include({ knownQuantity: '1.5' });
      expect(basis([...bought, gone(), later(25)], 'BTC', '2', of)).to.include({ knownQuantity: '0' });
      const another = come({ atMs: START + 2 * DAY, amount: '1.9', change: '1.9' });
      expect(basis([...bought, gone(), another], 'BTC', '1.9', of)).to.include({ knownQuantity: '0' });
    });

    it('are not the same where both name another transaction, or where it comes back to where it left', () => {
      const steps = [
        ...bought,
        gone({ transactionId: 'a' }),
        come({ transactionId: 'b', atMs: START + 2 * DAY }),
      ];
      expect(basis(steps, 'BTC', '2', { of: OTHER })).to.include({
        knownQuantity: '0',
        unknownQuantity: '2',
      });
      const back = [...bought, gone(), come({ ...MAIN, atMs: START + 2 * DAY })];
      expect(basis(back, 'BTC', '3.9')).to.include({ knownQuantity: '1.425' });
    });

    it('within an exchange are found by its id of them, and by the amount where it has two', () => {
      const moved = { atMs: START + 2 * DAY };
      const twice = [...bought, gone({ moveId: 'a' }), come({ moveId: 'b', ...moved })];
      expect(basis(twice, 'BTC', '2', { of: OTHER })).to.include({ knownQuantity: '1.5' });
      const later = { atMs: START + 9 * DAY };
      const once = [...bought, gone({ moveId: 'a' }), come({ moveId: 'a', ...later })];
      expect(basis(once, 'BTC', '2', { of: OTHER })).to.include({ knownQuantity: '1.5' });
    });

    it('are forgotten when nothing has arrived for 30 days', () => {
      const ids = { transactionId: 'slow' };
      const arrivingAfter = (days: number) => [
        ...bought,
        gone(ids),
        transfer('BTC', '-0.1', { atMs: START + (2 + days) * DAY }),
        come({ ...ids, atMs: START + (2 + days) * DAY }),
      ];
      expect(basis(arrivingAfter(30), 'BTC', '2', { of: OTHER })).to.include({ knownQuantity: '1.5' });
      expect(basis(arrivingAfter(31), 'BTC', '2', { of: OTHER })).to.include({ knownQuantity: '0' });
    });

    it('give each of several payments of one transaction its own', () => {
      const ids = { transactionId: 'batch' };
      const steps = [
        ...bought,
        transfer('BTC', '-2', ids),
        transfer('BTC', '-0.5', ids),
        come({ ...ids, change: '0.5', amount: '0.5' }),
        come({ ...ids, change: '1.9', amount: '1.9' }),
      ];
      const arrived = basis(steps, 'BTC', '2.4', { of: OTHER });
      expect(arrived).to.include({ knownQuantity: '1.8', unknownQuantity: '0.6', realizedPnl: '-3750' });
    });
  });
});
