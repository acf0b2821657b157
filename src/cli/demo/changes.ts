import { accountId } from '../../domain/account.js';
import type { Mirror } from '../../domain/mirror.js';
import type { PortfolioItem } from '../../domain/portfolio-view.js';
import { isZero, subtract } from '../../ledger/decimal.js';

/** A portfolio and the rows below it, as they were after one round of syncs. */
export interface Picture {
  readonly items: readonly PortfolioItem[];
  readonly mirror: Mirror;
}

/** What the second round found changed, a line each. */
export function describeChanges(before: Picture, after: Picture): readonly string[] {
  return [
    ...comings('position', positionNames(before.mirror), positionNames(after.mirror), 'opened', 'closed'),
    ...quantityChanges(before.items, after.items),
    ...comings('order', orderNames(before.mirror), orderNames(after.mirror), 'opened', 'filled or cancelled'),
  ];
}

function quantityChanges(
  before: readonly PortfolioItem[],
  after: readonly PortfolioItem[],
): readonly string[] {
  const old = new Map(before.map((item) => [`${accountId(item)} ${item.asset}`, item.quantity]));
  return after.flatMap((item) => {
    const name = `${accountId(item)} ${item.asset}`;
    const change = subtract(item.quantity, old.get(name) ?? '0');
    if (isZero(change)) return [];
    return [
      `${name}: ${old.get(name) ?? '0'} -> ${item.quantity} (${change.startsWith('-') ? '' : '+'}${change})`,
    ];
  });
}

function comings(
  what: string,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
  came: string,
  went: string,
): readonly string[] {
  return [
    ...[...after].filter((name) => !before.has(name)).map((name) => `${name}: ${what} ${came}`),
    ...[...before].filter((name) => !after.has(name)).map((name) => `${name}: ${what} ${went}`),
  ];
}

function positionNames({ positions }: Mirror): ReadonlySet<string> {
  return new Set(positions.map((row) => `${accountId(row)} ${row.symbol} ${row.side}`));
}

function orderNames({ orders }: Mirror): ReadonlySet<string> {
  return new Set(orders.map((row) => `${accountId(row)} ${row.symbol} ${row.side} ${row.orderId}`));
}
