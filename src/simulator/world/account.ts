import type { DecimalString } from '../../domain/decimal-string.js';
import { add, divide, isZero, multiply, subtract, sum } from '../../ledger/decimal.js';
import { truncated } from './amounts.js';
import { conventions } from './conventions.js';
import { AccountHistory } from './history/account-history.js';
import type { Fill } from './history/fill.js';
import type { Book, EventKind, Journal, Posting } from './journal.js';
import { isOpen, type Order, remaining } from './order.js';
import { contractValue, emptyPosition, initialMargin, type Position, unrealizedPnl } from './position.js';

/** What a key may do beyond reading its trading account. */
export const PERMISSIONS = ['wallet', 'derivatives'] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A fill of an order that is known here. */
export interface Trade extends Fill {
  readonly order: Order;
}

/** `expired`: the exchange knows the key and no longer takes it. `deleted`: it does not know it any more. */
export const KEY_STATES = ['valid', 'expired', 'deleted'] as const;
export type KeyState = (typeof KEY_STATES)[number];

export interface AccountIdentity {
  readonly exchange: string;
  readonly account: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly uid: string;
  /** Of exchanges whose keys have one beside the secret. */
  readonly passphrase?: string;
}

interface AccountOptions {
  readonly identity: AccountIdentity;
  readonly permissions: ReadonlySet<Permission>;
  readonly journal: Journal;
  readonly openedAtMs: number;
  /** Names a row of the account's statements. */
  readonly statementId: (seq: number) => string;
}

const UNTOLD: ReadonlySet<EventKind> = new Set(['opening', 'bulk', 'borrow', 'repay']);

/** One account: what it holds is in the journal, what it trades is here. */
export class SimulatedAccount {
  readonly identity: AccountIdentity;
  readonly openedAtMs: number;
  /** Names a row of the account's statements. */
  readonly statementId: (seq: number) => string;
  permissions: ReadonlySet<Permission>;
  keyState: KeyState = 'valid';
  /** In the order of their creation, the ended ones too. */
  readonly orders: Order[] = [];
  readonly trades: Trade[] = [];
  readonly history = new AccountHistory();
  /** By `positionKey`. */
  readonly positions = new Map<string, Position>();
  /** What is owed of each asset beside the wallet's balance, i.e. borrowed to trade spot. */
  readonly borrowed = new Map<string, DecimalString>();
  readonly #journal: Journal;

  constructor({ identity, permissions, journal, openedAtMs, statementId }: AccountOptions) {
    this.identity = identity;
    this.openedAtMs = openedAtMs;
    this.permissions = permissions;
    this.#journal = journal;
    this.statementId = statementId;
    for (const wallet of this.wallets()) {
      journal.watch(this.book(wallet), (posting) => this.#record(wallet, posting));
    }
  }

  book(wallet: string): Book {
    return `${this.identity.exchange}/${this.identity.account}/${wallet}`;
  }

  /** Every wallet of the exchange, the empty ones too. */
  wallets(): readonly string[] {
    const { wallets, fundingWallet } = conventions(this.identity.exchange);
    return [...new Set([...Object.values(wallets), fundingWallet])];
  }

  /** Wallets that the key may not read. */
  unreadableWallets(): readonly string[] {
    const { wallets, fundingWallet } = conventions(this.identity.exchange);
    const derivatives = Object.values(wallets).filter((wallet) => wallet !== wallets.spot);
    const unreadable = [
      ...(this.permissions.has('wallet') ? [] : [fundingWallet]),
      ...(this.permissions.has('derivatives') ? [] : derivatives),
    ];
    return [...new Set(unreadable)];
  }

  openOrders(): readonly Order[] {
    return this.orders.filter(isOpen);
  }

  /** Each asset that the wallet holds or ever held. */
  assets(wallet: string): readonly string[] {
    return this.#journal.assets(this.book(wallet));
  }

  balance(wallet: string, asset: string): DecimalString {
    return this.#journal.balance(this.book(wallet), asset);
  }

  /** Set aside for open spot orders; some conditional ones reserve nothing before they are triggered. */
  lockedBySpotOrders(asset: string): DecimalString {
    const { lockingConditions } = conventions(this.identity.exchange);
    const locks = this.openOrders()
      .filter(({ market }) => market.kind === 'spot')
      .filter(
        ({ state, condition }) =>
          state !== 'untriggered' || condition === undefined || lockingConditions.includes(condition),
      )
      .map((order) => spotLock(order))
      .filter((lock) => lock.asset === asset);
    return sum(locks.map((lock) => lock.amount));
  }

  orderMargin(wallet: string, asset: string): DecimalString {
    const orders = this.openOrders().filter(
      ({ market, reduceOnly, state }) =>
        market.settle === asset && !reduceOnly && state !== 'untriggered' && this.#isIn(wallet, market.kind),
    );
    return sum(orders.map((order) => this.orderInitialMargin(order)));
  }

  orderInitialMargin(order: Order): DecimalString {
    const value = contractValue(order.market, remaining(order), order.price ?? order.market.prices.mark);
    return truncated(divide(value, this.leverage(order.market.symbol)), 8);
  }

  leverage(symbol: string): DecimalString {
    return [...this.positions.values()].find(({ market }) => market.symbol === symbol)?.leverage ?? '10';
  }

  /** The market's positions: one, or one per side in hedge mode; an empty one when there never was any. */
  positionsOf(market: Position['market']): readonly Position[] {
    const found = [...this.positions.values()].filter((position) => position.market === market);
    return found.length === 0 ? [emptyPosition(market)] : found;
  }

  positionMargin(wallet: string, asset: string): DecimalString {
    return sum(this.#positionsIn(wallet, asset).map(initialMargin));
  }

  unrealizedPnl(wallet: string, asset: string): DecimalString {
    return sum(this.#positionsIn(wallet, asset).map(unrealizedPnl));
  }

  /** What the wallet's asset is held back for in all: open orders and positions. */
  locked(wallet: string, asset: string): DecimalString {
    const spot = this.#isIn(wallet, 'spot') ? this.lockedBySpotOrders(asset) : '0';
    return sum([spot, this.orderMargin(wallet, asset), this.positionMargin(wallet, asset)]);
  }

  /** What is there to be spent: what orders and positions hold back is not. */
  free(wallet: string, asset: string): DecimalString {
    return subtract(this.balance(wallet, asset), this.locked(wallet, asset));
  }

  /** What is owned: the wallet's balance less what is owed. */
  owned(wallet: string, asset: string): DecimalString {
    const owed = this.#isIn(wallet, 'spot') ? (this.borrowed.get(asset) ?? '0') : '0';
    return subtract(this.balance(wallet, asset), owed);
  }

  borrow(asset: string, amount: DecimalString): void {
    this.borrowed.set(asset, add(this.borrowed.get(asset) ?? '0', amount));
  }

  /**
   * Whatever changes a wallet is a row of its statement, but for what was there before there is history, and for
   * loans: what is owned is the same with them as without.
   */
  #record(wallet: string, { event, asset, flow, fee, balanceAfter }: Posting): void {
    const { kind, timestampMs, subject = {} } = event;
    if (UNTOLD.has(kind)) return;
    const seq = this.history.nextSeq();
    const id = this.statementId(seq);
    const change = subtract(flow, fee);
    this.history.addStatement({
      id,
      seq,
      timestampMs,
      wallet,
      asset,
      kind,
      flow,
      fee,
      change,
      balanceAfter,
      subject,
    });
  }

  #positionsIn(wallet: string, asset: string): readonly Position[] {
    return [...this.positions.values()].filter(
      ({ market, size }) => market.settle === asset && !isZero(size) && this.#isIn(wallet, market.kind),
    );
  }

  #isIn(wallet: string, kind: Order['market']['kind']): boolean {
    return conventions(this.identity.exchange).wallets[kind] === wallet;
  }
}

function spotLock(order: Order): { asset: string; amount: DecimalString } {
  const { market, side, price } = order;
  if (side === 'sell') return { asset: market.base, amount: remaining(order) };
  return { asset: market.quote, amount: multiply(remaining(order), price ?? market.prices.mark) };
}
