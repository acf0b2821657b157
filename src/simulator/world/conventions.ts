import type { Transfer } from './history/transfer.js';
import type { MarketKind } from './market.js';
import type { Condition } from './order.js';

/** What the world needs to know of an exchange; everything else is the matter of its API's folder. */
export interface Conventions {
  /** Which wallet a trade of that kind is booked in. */
  readonly wallets: Readonly<Record<MarketKind, string>>;
  /** Apart from trading; needs a permission of its own. */
  readonly fundingWallet: string;
  /** Where deposits arrive, and withdrawals leave from. */
  readonly depositWallet: string;
  /** Transfers whose time is written in whole seconds. */
  readonly inSeconds: readonly Transfer['kind'][];
  /** Where interest is taken from and rebates and rewards are given to; undefined: there is no such thing. */
  readonly extras: {
    readonly interest: string | undefined;
    readonly rebate: string;
    readonly reward: string;
  };
  /** One owner's accounts can give to each other. */
  readonly giveEachOther: boolean;
  /** The exchange's own coin, which spot fees can be paid with. */
  readonly feeCoin: string | undefined;
  /** Conditional spot orders that reserve their funds already while they wait. */
  readonly lockingConditions: readonly Condition[];
  /** Where a triggered order ends, and an order with a number of its own takes its place. */
  readonly triggerPlacesOrder: readonly MarketKind[];
  /** What can be used of a balance has the unrealised profit in it. */
  readonly profitIsAvailable?: boolean;
  /** Digits after the point that fees and margins are cut to. */
  readonly decimals: number;
  /** What the exchange's lists leave out by the kind of market, so that nobody who reads them can know it. */
  readonly untold: {
    readonly leverageOf: readonly MarketKind[];
    /** How much of an order is filled that still waits for its trigger. */
    readonly fillsOfWaiting: readonly MarketKind[];
  };
}

const BYBIT: Conventions = {
  wallets: { spot: 'UNIFIED', linear: 'UNIFIED', inverse: 'UNIFIED', option: 'UNIFIED' },
  fundingWallet: 'FUND',
  depositWallet: 'FUND',
  inSeconds: ['deposit', 'withdrawal', 'internal', 'between-accounts'],
  extras: { interest: 'UNIFIED', rebate: 'UNIFIED', reward: 'UNIFIED' },
  giveEachOther: true,
  feeCoin: 'MNT',
  lockingConditions: ['take-profit', 'stop-loss'],
  triggerPlacesOrder: [],
  decimals: 8,
  untold: { leverageOf: ['option'], fillsOfWaiting: [] },
};

/** The wallets by the names that binance's transfer types are made of (`MAIN_UMFUTURE`); options are not simulated. */
const BINANCE: Conventions = {
  wallets: { spot: 'MAIN', linear: 'UMFUTURE', inverse: 'CMFUTURE', option: 'OPTION' },
  fundingWallet: 'FUNDING',
  depositWallet: 'MAIN',
  inSeconds: ['withdrawal'],
  extras: { interest: undefined, rebate: 'UMFUTURE', reward: 'MAIN' },
  giveEachOther: false,
  feeCoin: 'BNB',
  lockingConditions: ['stop', 'take-profit', 'stop-loss'],
  triggerPlacesOrder: ['linear', 'inverse', 'option'],
  decimals: 8,
  untold: { leverageOf: ['linear'], fillsOfWaiting: ['linear', 'inverse'] },
};

/** One account for all products, and the one that deposits arrive in. */
const OKX: Conventions = {
  wallets: { spot: 'TRADING', linear: 'TRADING', inverse: 'TRADING', option: 'TRADING' },
  fundingWallet: 'FUNDING',
  depositWallet: 'FUNDING',
  inSeconds: [],
  extras: { interest: 'TRADING', rebate: 'FUNDING', reward: 'FUNDING' },
  giveEachOther: false,
  feeCoin: undefined,
  lockingConditions: [],
  triggerPlacesOrder: ['spot', 'linear', 'inverse', 'option'],
  profitIsAvailable: true,
  decimals: 8,
  untold: { leverageOf: ['option'], fillsOfWaiting: [] },
};

const CONVENTIONS: Readonly<Record<string, Conventions>> = { bybit: BYBIT, binance: BINANCE, okx: OKX };

export const SIMULATED_EXCHANGES: readonly string[] = Object.keys(CONVENTIONS);

/** Throws for an exchange that is not simulated. */
export function conventions(exchange: string): Conventions {
  const found = CONVENTIONS[exchange];
  if (found === undefined) {
    throw new RangeError(`${exchange} is not simulated; these are: ${SIMULATED_EXCHANGES.join(', ')}`);
  }
  return found;
}
