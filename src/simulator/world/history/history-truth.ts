import type { DecimalString } from '../../../domain/decimal-string.js';
import type { LedgerKind } from '../../../domain/history-records.js';
import { isZero, negate, subtract, sum } from '../../../ledger/decimal.js';
import type { FillTruth, HistoryTruth, LedgerTruth, TransferTruth } from '../../truth.js';
import type { SimulatedAccount } from '../account.js';
import type { EventKind } from '../journal.js';
import type { Fill } from './fill.js';
import type { Place, RowList } from './row-list.js';
import type { StatementEntry } from './statement.js';
import type { Transfer } from './transfer.js';

/** Everything that ever happened in an account, oldest first; each list is made while it is read. */
export function historyTruth(account: SimulatedAccount, readable: readonly string[]): HistoryTruth {
  const { history } = account;
  const kinds = ['spot', 'linear', 'inverse', 'option'] as const;
  const shipments = ['deposit', 'withdrawal', 'internal', 'between-accounts'] as const;
  return {
    *fills() {
      for (const kind of kinds) yield* mapped(history.fills(kind), fillTruth);
    },
    *transfers() {
      for (const kind of shipments) {
        yield* mapped(history.transfers(kind), (transfer) => transferTruth(account, transfer, readable));
      }
    },
    *ledger() {
      for (const wallet of account.wallets()) yield* mapped(history.statement(wallet), ledgerTruth);
    },
  };
}

function* mapped<Row extends Place, Truth>(list: RowList<Row>, map: (row: Row) => Truth): Iterable<Truth> {
  for (let index = 0; index < list.length; index += 1) yield map(list.at(index));
}

function fillTruth(fill: Fill): FillTruth {
  const { market, side } = fill;
  return {
    symbol: market.symbol,
    tradeId: fill.id,
    side,
    orderId: fill.orderId,
    kind: fill.kind,
    base: market.base,
    quote: market.quote,
    settleCurrency: market.settle,
    price: fill.price,
    amount: fill.amount,
    cost: market.kind === 'inverse' ? undefined : fill.value,
    realizedPnl: fill.realizedPnl,
    feeCost: fill.fee,
    feeCurrency: fill.feeAsset,
    role: fill.role,
    timestampMs: fill.timestampMs,
    marketId: market.id,
    marketKind: market.kind,
    changes: changesOf(fill),
  };
}

/** What a fill changes of each asset, its fee included. */
export function changesOf(fill: Fill): Readonly<Record<string, DecimalString>> {
  const { market, side, amount, value, fee, feeAsset } = fill;
  const isPurchase = side === 'buy';
  const flows: [asset: string, change: DecimalString][] = [[feeAsset, negate(fee)]];
  if (market.kind === 'spot') {
    flows.push([market.base, isPurchase ? amount : negate(amount)]);
    flows.push([market.quote, isPurchase ? negate(value) : value]);
  } else if (market.kind === 'option') {
    flows.push([market.settle ?? market.quote, isPurchase ? negate(value) : value]);
  } else {
    flows.push([market.settle ?? market.quote, fill.realizedPnl ?? '0']);
  }
  const assets = [...new Set(flows.map(([asset]) => asset))];
  const changes = assets.map((asset): [string, DecimalString] => [
    asset,
    sum(flows.filter(([other]) => other === asset).map(([, change]) => change)),
  ]);
  return Object.fromEntries(changes.filter(([, change]) => !isZero(change)));
}

function transferTruth(
  account: SimulatedAccount,
  transfer: Transfer,
  readable: readonly string[],
): TransferTruth {
  const { kind, amount, fee, from, to, status } = transfer;
  const own = (end: Transfer['from']) =>
    end?.account === account.identity.account && readable.includes(end.wallet);
  const received = own(to) ? amount : '0';
  const given = own(from) ? amount : '0';
  const paid = own(from) || (from === undefined && own(to)) ? fee : '0';
  return {
    kind: kind === 'between-accounts' ? 'internal' : kind,
    betweenAccounts: kind === 'between-accounts',
    id: transfer.id,
    currency: transfer.asset,
    amount,
    feeCost: isZero(fee) ? undefined : fee,
    change: subtract(subtract(received, given), paid),
    fromWallet: from?.wallet,
    toWallet: to?.wallet,
    status,
    network: transfer.network === '' ? undefined : transfer.network,
    address: transfer.address === '' ? undefined : transfer.address,
    transactionId: transfer.transactionId === '' ? undefined : transfer.transactionId,
    timestampMs: transfer.timestampMs,
    updatedAtMs: transfer.updatedAtMs,
  };
}

const KINDS: Readonly<Record<EventKind, LedgerKind>> = {
  opening: 'other',
  bulk: 'other',
  deposit: 'transfer',
  withdrawal: 'transfer',
  transfer: 'transfer',
  trade: 'trade',
  funding: 'funding',
  borrow: 'other',
  repay: 'other',
  interest: 'interest',
  rebate: 'rebate',
  reward: 'reward',
  conversion: 'conversion',
};

function ledgerTruth(entry: StatementEntry): LedgerTruth {
  const { fill, funding, transfer, conversion } = entry.subject;
  return {
    id: entry.id,
    wallet: entry.wallet,
    event: entry.kind,
    kind: ledgerKind(entry),
    currency: entry.asset,
    amount: entry.flow,
    feeCost: entry.fee,
    change: entry.change,
    balanceAfter: entry.balanceAfter,
    symbol: (fill?.market ?? funding?.market)?.symbol,
    reference: fill?.id ?? funding?.id ?? transfer?.id ?? conversion?.id,
    timestampMs: entry.timestampMs,
  };
}

function ledgerKind({ kind, subject }: StatementEntry): LedgerKind {
  const { fill } = subject;
  if (fill?.kind === 'liquidation' || fill?.kind === 'settlement') return fill.kind;
  return KINDS[kind];
}
