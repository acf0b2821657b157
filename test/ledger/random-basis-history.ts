import type { PriceAt } from '#src/ledger/cost-basis.js';
import type { CostBasisEvent } from '#src/ledger/cost-basis-events.js';

/** Events of three accounts over some days, from a seed; a shorter history is the beginning of a longer one. */
export interface RandomHistory {
  readonly events: readonly CostBasisEvent[];
  readonly priceAt: PriceAt;
}

export const QUOTE = 'USDT';
const ACCOUNTS = [
  { exchange: 'bybit', account: 'main' },
  { exchange: 'bybit', account: 'sub' },
  { exchange: 'okx', account: 'main' },
];
const MARKETS = ['BTC/USDT', 'ETH/USDT', 'ETH/BTC', 'BNB/USDT', 'USDT/TRY', 'BTC/TRY', 'BNB/ETH'];
const ASSETS = ['BTC', 'ETH', 'BNB', 'TRY', 'USDT'];
const HOUR = 3_600_000;
const START = Date.UTC(2025, 0, 1);

export function randomHistory(seed: number, length: number): RandomHistory {
  const random = mulberry32(seed);
  const below = (count: number) => Math.floor(random() * count);
  const pick = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  const amount = () => written(1 + below(10 ** (1 + below(6))), below(7));
  const missing = below(4) === 0;
  const anchored = below(2) === 0;
  const events: CostBasisEvent[] = [];
  const sent: { asset: string; amount: string; transactionId: string | undefined }[] = [];
  let atMs = START;

  if (anchored) {
    for (const account of ACCOUNTS) {
      for (const asset of ASSETS) {
        const quantity = pick(['0', '0', amount(), `-${amount()}`]);
        events.push({ ...account, type: 'opening', asset, quantity, atMs, reason: 'before history' });
      }
    }
  }
  while (events.length < length) {
    atMs += below(3) === 0 ? 0 : below(5 * HOUR);
    const account = pick(ACCOUNTS);
    const kind = below(10);
    if (kind < 6) {
      const [base = '', quote = ''] = pick(MARKETS).split('/');
      const feeAsset = pick([undefined, base, quote, 'BNB']);
      const fee =
        feeAsset === undefined
          ? {}
          : { fee: { asset: feeAsset, amount: `${pick(['', '', '-'])}${written(1 + below(99), 6)}` } };
      const side = pick(['buy', 'sell'] as const);
      events.push({
        ...account,
        type: 'trade',
        side,
        base,
        quote,
        amount: amount(),
        cost: amount(),
        ...fee,
        atMs,
      });
    } else if (kind === 6) {
      events.push({
        ...account,
        type: 'income',
        asset: pick(ASSETS),
        amount: `${pick(['', '-'])}${amount()}`,
        atMs,
      });
    } else if (kind < 9) {
      const arriving = sent.length > 0 && below(3) > 0 ? sent.splice(below(sent.length), 1)[0] : undefined;
      if (arriving !== undefined) {
        const change = below(5) === 0 ? shortened(arriving.amount) : arriving.amount;
        const one = { ...arriving, change, amount: change };
        events.push({ ...account, type: 'transfer', ...one, atMs, reason: 'deposited from outside' });
      } else {
        const asset = pick(ASSETS);
        const left = amount();
        const transactionId = pick([undefined, `tx${below(30)}`]);
        sent.push({ asset, amount: left, transactionId });
        const fee = pick(['', '5']);
        const transfer = {
          asset,
          amount: left,
          change: `-${left}${left.includes('.') ? fee : ''}`,
          transactionId,
        };
        events.push({ ...account, type: 'transfer', ...transfer, atMs, reason: 'withdrawn' });
      }
    } else {
      const asset = pick(ASSETS);
      const change = amount();
      events.push({ ...account, type: 'transfer', asset, change, amount: change, atMs, reason: 'deposited' });
    }
  }
  return { events, priceAt: randomPrices(seed, missing) };
}

function shortened(amount: string): string {
  return amount.length > 2 && amount.includes('.') ? `${amount.slice(0, -1)}1` : amount;
}

/** The same asset at the same hour always has the same price; where `missing`, one of eight has none. */
function randomPrices(seed: number, missing: boolean): PriceAt {
  return (_exchange, asset, atMs) => {
    const random = mulberry32(seed ^ (asset.charCodeAt(0) * 7919) ^ Math.floor(atMs / HOUR));
    random();
    if (missing && random() < 0.125) return { reason: 'no price at trade time' };
    return { price: written(1 + Math.floor(random() * 9_999_999), Math.floor(random() * 5)) };
  };
}

function written(integer: number, places: number): string {
  const digits = String(integer).padStart(places + 1, '0');
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
