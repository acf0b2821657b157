import { accountId } from '../domain/account.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { Portfolio, PortfolioItem, PortfolioValue } from '../domain/portfolio-view.js';
import { isNegative, isZero, roundToDigits, roundToPlaces } from '../ledger/decimal.js';
import { formatElapsed } from './elapsed-time.js';
import { type Column, type Display, formatTable, printable, wrapped } from './output.js';

function columns(held: readonly PortfolioItem[], nowMs: number): readonly Column<PortfolioItem>[] {
  const quotes = [...new Set(held.map(({ quoteCurrency }) => quoteCurrency))];
  return [
    { title: 'account', cell: accountId },
    { title: 'asset', cell: ({ asset }) => asset },
    { title: 'quantity', align: 'right', cell: ({ quantity }) => quantity },
    {
      title: 'price',
      align: 'right',
      cell: ({ currentPrice }) => currentPrice && roundToDigits(currentPrice, 8),
      leaveOut: 2,
    },
    {
      title: quotes.length === 1 ? `value ${quotes[0]}` : 'value',
      align: 'right',
      cell: ({ value, quoteCurrency }) =>
        value && (quotes.length === 1 ? formatMoney(value) : `${formatMoney(value)} ${quoteCurrency}`),
    },
    {
      title: 'avg entry',
      align: 'right',
      cell: ({ avgEntryPrice }) => avgEntryPrice && roundToDigits(avgEntryPrice, 8),
      leaveOut: 3,
    },
    {
      title: 'unrealised',
      align: 'right',
      // Of the known part only; what else there is, --json says.
      cell: ({ unrealizedPnl, basisKnownQuantity }) =>
        basisKnownQuantity === null || isZero(basisKnownQuantity)
          ? null
          : unrealizedPnl && formatMoney(unrealizedPnl),
      leaveOut: 4,
    },
    {
      title: 'age',
      align: 'right',
      // Of the older of quantity and price: a value is no younger than what it is made of.
      cell: ({ observedFrom, pricedAt }) =>
        formatElapsed(nowMs - Math.min(Date.parse(observedFrom), Date.parse(pricedAt ?? observedFrom))),
      leaveOut: 1,
    },
    { title: 'price from', cell: ({ priceSource }) => priceSource, leaveOut: 5 },
  ];
}

/** Two places are enough to read; `--json` has every digit. Dust is worth something, not nothing. */
function formatMoney(value: DecimalString): string {
  const rounded = roundToPlaces(value, 2);
  if (!isZero(rounded) || isZero(value)) return rounded;
  return isNegative(value) ? '> -0.01' : '< 0.01';
}

/** What is held, then what it sums up to. Sold assets stay stored with quantity 0 and are not shown. */
export function formatPortfolio({ items, values }: Portfolio, display: Display, nowMs: number): string {
  const held = items.filter(({ quantity }) => !isZero(quantity));
  if (held.length === 0) return NOTHING_HELD;
  return `${formatTable(held, columns(held, nowMs), display)}\n${values.map((value) => formatValue(value, display)).join('')}`;
}

const NOTHING_HELD =
  'The portfolio is empty: nothing is held, or no balance has been read yet. `exchange-sync status` tells which.\n';

function formatValue(value: PortfolioValue, display: Display): string {
  const { quoteCurrency, unpricedAssets, staleAccounts, unrealizedPnl } = value;
  const { holdingsUnrealizedPnl, realizedPnl } = value;
  const notes = [
    ...(unpricedAssets === 0 ? [] : [`Not in it: ${counted(unpricedAssets, 'asset')} without a price.`]),
    ...(unrealizedPnl === null
      ? []
      : [`Not in it: ${formatMoney(unrealizedPnl)} ${quoteCurrency} unrealised PnL of open positions.`]),
    ...(holdingsUnrealizedPnl === null
      ? []
      : [
          `In it: ${formatMoney(holdingsUnrealizedPnl)} ${quoteCurrency} unrealised PnL, where the cost is known.`,
        ]),
    ...(realizedPnl === null ? [] : [`Realised so far: ${formatMoney(realizedPnl)} ${quoteCurrency}.`]),
    ...(staleAccounts.length === 0
      ? []
      : [`Stale or incomplete: ${staleAccounts.join(', ')}; see exchange-sync status.`]),
  ];
  const sum = `Value: ${formatMoney(value.value)} ${quoteCurrency}\n`;
  return sum + notes.map((note) => `${wrapped(printable(note), display, 2)}\n`).join('');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
