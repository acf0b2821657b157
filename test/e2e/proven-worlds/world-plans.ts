import { seededRandom } from '#src/simulator/world/random.js';
import type { AccountPlan, HistoryPlan } from '#src/simulator/world/world-plan.js';

/** One random world: accounts at one to three exchanges, each with a past of its own. */
export interface WorldOfHistories {
  readonly seed: string;
  /** How long ago the accounts were opened. */
  readonly days: number;
  readonly accounts: readonly AccountPlan[];
  /** Whether the owner says when they were opened; otherwise the opening is inferred. */
  readonly openedIsTold: boolean;
  /** New rows appear so long after their time. */
  readonly lateMs: number;
  /** Every page begins with so many rows of the one before. */
  readonly drift: number;
}

type Exchange = 'bybit' | 'binance' | 'okx';

/** What is traded, so that a world is not all of the market: spot, coin-to-coin, dust, derivatives. */
const SYMBOLS: Readonly<Record<Exchange, readonly string[]>> = {
  bybit: ['BTC/USDT', 'ETH/USDT', 'ETH/BTC', 'XRP/USDT', 'BTC/USDT:USDT', 'ETH/USDC:USDC', 'BTC/USD:BTC'],
  binance: ['BTC/USDT', 'ETH/USDT', 'ETH/BTC', 'XRP/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'],
  okx: ['BTC/USDT', 'ETH/USDT', 'ETH/BTC', 'XRP/USDT', 'BTC/USDT:USDT', 'BTC/USD:BTC'],
};

const MINUTE_MS = 60_000;

/** The same number is the same world, apart from the day on which it is lived. */
export function worldOfHistories(number: number, exchanges: readonly Exchange[]): WorldOfHistories {
  const random = seededRandom(`history ${number}`);
  const chance = (percent: number) => random.between(1, 100) <= percent;
  const days = random.between(2, 45);
  const some = exchanges.filter(() => chance(45));
  const chosen = some.length === 0 ? [random.pick(exchanges) ?? 'bybit'] : some;
  const history = (exchange: Exchange): HistoryPlan => {
    // The first two can always be paid for.
    const symbols = SYMBOLS[exchange].filter((_, index) => index < 2 || chance(60));
    const fills = random.between(5, 160);
    return {
      fills,
      plain: chance(20),
      symbols,
      gaps: chance(60) ? [{ fromDay: random.between(0, days), days: random.between(1, 20) }] : [],
      // At the ends of pages of 50 and 100 rows too.
      bursts: chance(50)
        ? [48, 97].filter((at) => at < fills).map((at) => ({ at, size: random.between(2, 9) }))
        : [],
    };
  };
  const accounts = chosen.flatMap((exchange) =>
    (chance(30) ? ['main', 'sub1'] : ['main']).map((account): AccountPlan => {
      return { exchange, account, holdings: [], history: history(exchange) };
    }),
  );
  return {
    seed: `history ${number}`,
    days,
    accounts,
    openedIsTold: chance(80),
    lateMs: chance(40) ? random.between(1, 20) * MINUTE_MS : 0,
    drift: chance(30) ? random.between(1, 5) : 0,
  };
}
