import type { DecimalString } from '../../../domain/decimal-string.js';
import type { TransferStatus } from '../../../domain/history-records.js';
import { multiply, negate } from '../../../ledger/decimal.js';
import type { SimulatedAccount } from '../account.js';
import { truncated } from '../amounts.js';
import { conventions } from '../conventions.js';
import type { EventKind, Journal } from '../journal.js';
import type { OrderIds } from '../order-ids.js';
import { notional, type Position } from '../position.js';
import type { Random } from '../random.js';
import type { FundingPayment } from './fill.js';
import type { Transfer, WalletOfAccount } from './transfer.js';

export interface Movement {
  readonly asset: string;
  readonly amount: DecimalString;
  readonly timestampMs: number;
}

export interface Shipment extends Movement {
  readonly fee?: DecimalString;
  /** `ok` by default, at once; what is pending moves nothing until it is settled. */
  readonly status?: TransferStatus;
}

/** A change that is neither a trade nor a transfer: positive for what the account receives. */
export interface Entry extends Movement {
  readonly wallet: string;
  readonly kind: Extract<EventKind, 'interest' | 'rebate' | 'reward' | 'borrow' | 'repay'>;
}

export interface Conversion {
  readonly wallet: string;
  readonly from: { readonly asset: string; readonly amount: DecimalString };
  readonly to: { readonly asset: string; readonly amount: DecimalString; readonly fee?: DecimalString };
  readonly timestampMs: number;
}

/** Moves money other than by trading: each in the journal, and in the lists that tell of it. */
export class Treasury {
  readonly #journal: Journal;
  readonly #ids: OrderIds;
  readonly #random: Random;

  constructor({ journal, ids, random }: { journal: Journal; ids: OrderIds; random: Random }) {
    this.#journal = journal;
    this.#ids = ids;
    this.#random = random;
  }

  deposit(account: SimulatedAccount, shipment: Shipment): Transfer {
    const { depositWallet } = conventions(account.identity.exchange);
    return this.#ship(account, shipment, { kind: 'deposit', to: walletOf(account, depositWallet) });
  }

  withdraw(account: SimulatedAccount, shipment: Shipment): Transfer {
    const { depositWallet } = conventions(account.identity.exchange);
    return this.#ship(account, shipment, { kind: 'withdrawal', from: walletOf(account, depositWallet) });
  }

  /** A deposit or a withdrawal that was pending becomes what it stays. */
  settle(
    account: SimulatedAccount,
    transfer: Transfer,
    status: Exclude<TransferStatus, 'pending'>,
    timestampMs: number,
  ): void {
    transfer.status = status;
    transfer.updatedAtMs = timestampMs;
    if (status === 'ok') this.#book(account, transfer, timestampMs);
  }

  /** Between two wallets of one account. */
  transfer(account: SimulatedAccount, from: string, to: string, movement: Movement): Transfer {
    const ends = { from: walletOf(account, from), to: walletOf(account, to) };
    const transfer = this.#transfer(account, { ...movement, status: 'ok' }, { kind: 'internal', ...ends });
    this.#book(account, transfer, movement.timestampMs);
    return transfer;
  }

  /** Between two accounts of one owner. Both see it under one number. */
  transferBetween(
    giver: SimulatedAccount,
    from: string,
    taker: SimulatedAccount,
    to: string,
    movement: Movement,
  ): Transfer {
    const ends = {
      kind: 'between-accounts',
      from: walletOf(giver, from),
      to: walletOf(taker, to),
    } as const;
    const given = this.#transfer(giver, { ...movement, status: 'ok' }, ends);
    taker.history.addTransfer({ ...given, seq: taker.history.nextSeq() });
    const { asset, amount, timestampMs } = movement;
    const reference = { transferId: given.id, from, to };
    const event = { timestampMs, kind: 'transfer', reference, subject: { transfer: given } } as const;
    this.#journal.move(event, asset, amount, giver.book(from), taker.book(to));
    return given;
  }

  enter(account: SimulatedAccount, { wallet, kind, asset, amount, timestampMs }: Entry): void {
    const other = kind === 'borrow' || kind === 'repay' ? '@loans' : '@market';
    const event = { timestampMs, kind, reference: { asset } };
    this.#journal.move(event, asset, amount, other, account.book(wallet));
  }

  /** Swaps one asset for another outside of any market. */
  convert(account: SimulatedAccount, { wallet, from, to, timestampMs }: Conversion): void {
    const book = account.book(wallet);
    const { fee = '0' } = to;
    const legs = [
      { book, asset: from.asset, amount: negate(from.amount) },
      { book: '@market', asset: from.asset, amount: from.amount },
      { book, asset: to.asset, amount: to.amount },
      { book: '@market', asset: to.asset, amount: negate(to.amount) },
      { book, asset: to.asset, amount: negate(fee), isFee: true },
      { book: '@fees', asset: to.asset, amount: fee },
    ];
    const conversion = { ...to, fee, fromAsset: from.asset, fromAmount: from.amount };
    const seq = account.history.nextSeq();
    const id = this.#ids.transfer(account.identity.exchange, 'conversion');
    const subject = { conversion: { ...conversion, id, seq, wallet, timestampMs } };
    account.history.addConversion(subject.conversion);
    this.#journal.post({ timestampMs, kind: 'conversion', legs, reference: { conversionId: id }, subject });
  }

  /** Longs pay shorts when the rate is positive, in the settle currency. */
  payFunding(
    account: SimulatedAccount,
    position: Position,
    rate: DecimalString,
    timestampMs: number,
  ): FundingPayment {
    const { market, side, size } = position;
    const asset = market.settle ?? market.quote;
    const value = notional(position);
    const due = truncated(multiply(value, rate), 8);
    const amount = side === 'long' ? negate(due) : due;
    const payment: FundingPayment = {
      id: this.#ids.funding(market),
      fundingOrderId: this.#random.digits(16),
      seq: account.history.nextSeq(),
      timestampMs,
      market,
      positionSide: side,
      size,
      price: market.prices.mark,
      value,
      rate,
      amount,
    };
    account.history.addFunding(payment);
    const book = account.book(conventions(account.identity.exchange).wallets[market.kind]);
    const reference = { symbol: market.symbol, rate };
    const event = { timestampMs, kind: 'funding', reference, subject: { funding: payment } } as const;
    this.#journal.move(event, asset, amount, '@market', book);
    return payment;
  }

  #ship(account: SimulatedAccount, shipment: Shipment, ends: Ends): Transfer {
    const transfer = this.#transfer(account, shipment, ends);
    if (transfer.status === 'ok') this.#book(account, transfer, shipment.timestampMs);
    return transfer;
  }

  #transfer(
    account: SimulatedAccount,
    { asset, amount, fee = '0', timestampMs, status = 'ok' }: Shipment,
    { kind, from, to }: Ends,
  ): Transfer {
    const { exchange } = account.identity;
    const { inSeconds } = conventions(exchange);
    const isOnChain = kind === 'deposit' || kind === 'withdrawal';
    const transfer: Transfer = {
      kind,
      id: this.#ids.transfer(exchange, kind),
      seq: account.history.nextSeq(),
      timestampMs: inSeconds.includes(kind) ? Math.floor(timestampMs / 1_000) * 1_000 : timestampMs,
      asset,
      amount,
      fee,
      from,
      to,
      network: isOnChain ? networkOf(asset) : '',
      address: isOnChain ? `0x${this.#random.hex(40)}` : '',
      transactionId: isOnChain ? `0x${this.#random.hex(64)}` : '',
      status,
      updatedAtMs: timestampMs,
    };
    account.history.addTransfer(transfer);
    return transfer;
  }

  #book(account: SimulatedAccount, transfer: Transfer, timestampMs: number): void {
    const { kind, asset, amount, fee, from, to } = transfer;
    const [source, target] = [from, to].map((end) =>
      end === undefined ? '@outside' : account.book(end.wallet),
    ) as [string, string];
    const legs = [
      { book: source, asset, amount: negate(amount) },
      { book: target, asset, amount },
      { book: from === undefined ? target : source, asset, amount: negate(fee), isFee: true },
      { book: '@fees', asset, amount: fee },
    ];
    const reference = { transferId: transfer.id, from: from?.wallet ?? '', to: to?.wallet ?? '' };
    const event = kind === 'deposit' || kind === 'withdrawal' ? kind : 'transfer';
    this.#journal.post({ timestampMs, kind: event, legs, reference, subject: { transfer } });
  }
}

interface Ends {
  readonly kind: Transfer['kind'];
  readonly from?: WalletOfAccount;
  readonly to?: WalletOfAccount;
}

function walletOf({ identity: { account, uid } }: SimulatedAccount, wallet: string): WalletOfAccount {
  return { account, uid, wallet };
}

function networkOf(asset: string): string {
  return ['BTC', 'SOL', 'XRP', 'DOGE', 'LTC', 'ADA'].includes(asset) ? asset : 'ETH';
}
