import { negate, subtract } from '../../../../ledger/decimal.js';
import type { SimulatedAccount } from '../../account.js';
import { conventions } from '../../conventions.js';
import type { Journal, Leg } from '../../journal.js';
import type { Market } from '../../market.js';
import { emptyPosition, positionKey } from '../../position.js';
import type { Random } from '../../random.js';
import { BulkLists } from './bulk-lists.js';
import { makeBulk } from './bulk-maker.js';
import { abs, type BulkPosition } from './bulk-position.js';
import { fromScaled, toScaled } from './scaled.js';

export interface BulkTerms {
  readonly fills: number;
  readonly random: Random;
  readonly journal: Journal;
  readonly markets: readonly Market[];
  readonly fromMs: number;
  readonly toMs: number;
}

// biome-ignore format: a list
const SYMBOLS: readonly string[] = [
  'BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'XRP/USDT', 'DOGE/USDT', 'MNT/USDT', 'LTC/USDT', 'ETH/BTC', 'PEPE/USDT',
  'BTC/USDT:USDT', 'ETH/USDT:USDT', 'SOL/USDT:USDT', 'XRP/USDT:USDT', 'ETH/USDC:USDC', 'BTC/USD:BTC',
];

/** Gives an account a past of very many fills: rows that are made when they are asked for, one sum in the journal. */
export function writeBulk(account: SimulatedAccount, terms: BulkTerms): void {
  const { exchange } = account.identity;
  const { wallets, feeCoin } = conventions(exchange);
  const wallet = wallets.spot;
  if (feeCoin === undefined || new Set(Object.values(wallets)).size > 1) {
    throw new RangeError(
      `big histories are not simulated at ${exchange}, only where all trading is in one wallet`,
    );
  }
  const markets = terms.markets.filter((one) => one.exchange === exchange && SYMBOLS.includes(one.symbol));
  const before = new Map(account.assets(wallet).map((asset) => [asset, account.balance(wallet, asset)]));
  const bulk = makeBulk({ ...terms, markets, feeCoin, balances: before });
  const lists = new BulkLists(bulk.columns, {
    salt: terms.random.between(1, 2 ** 31 - 1),
    wallet,
    firstSeq: account.history.nextSeq(),
    statementId: account.statementId,
  });
  account.history.addBulk(wallet, lists);
  for (const position of bulk.positions) openPosition(account, position);
  const book = account.book(wallet);
  const legs: Leg[] = [];
  for (const [asset, scaled] of bulk.balances.amounts) {
    const fee = fromScaled(bulk.balances.fees.get(asset) ?? 0n);
    const change = subtract(fromScaled(scaled), before.get(asset) ?? '0');
    legs.push(
      { book, asset, amount: change },
      { book: '@market', asset, amount: negate(change) },
      { book: '@market', asset, amount: negate(fee) },
      { book: '@fees', asset, amount: fee },
    );
  }
  terms.journal.post({
    timestampMs: terms.toMs,
    kind: 'bulk',
    legs,
    reference: { fills: String(terms.fills) },
  });
}

function openPosition(
  account: SimulatedAccount,
  { market, steps, averagePrice, updatedAtMs }: BulkPosition,
): void {
  if (updatedAtMs === 0) return;
  const size = abs(steps) * toScaled(market.qtyStep);
  account.positions.set(positionKey(market.symbol, undefined), {
    ...emptyPosition(market),
    side: steps < 0n ? 'short' : 'long',
    size: fromScaled(size),
    averagePrice: fromScaled(averagePrice),
    createdAtMs: account.openedAtMs,
    updatedAtMs,
  });
}
