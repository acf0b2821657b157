import { accountId } from '../domain/account.js';
import type { DecimalString } from '../domain/decimal-string.js';
import type { Portfolio, PortfolioItem, PortfolioValue } from '../domain/views.js';
import { isNegative, isZero, roundToDigits, roundToPlaces } from '../ledger/decimal.js';
import { type Column, formatTable, formatTime } from './output.js';

const COLUMNS: readonly Column<PortfolioItem>[] = [
  { title: 'account', cell: accountId },
  { title: 'asset', cell: ({ asset }) => asset },
  { title: 'quantity', align: 'right', cell: ({ quantity }) => quantity },
  {
    title: 'price',
    align: 'right',
    cell: ({ currentPrice }) => currentPrice && roundToDigits(currentPrice, 8),
  },
  { title: 'value', align: 'right', cell: ({ value }) => value && formatMoney(value) },
  { title: 'in', cell: ({ quoteCurrency }) => quoteCurrency },
  { title: 'price from', cell: ({ priceSource }) => priceSource },
  { title: 'observed', cell: ({ observedFrom }) => formatTime(observedFrom) },
];

/** Two places are enough to read; `--json` has every digit. Dust is worth something, not nothing. */
function formatMoney(value: DecimalString): string {
  const rounded = roundToPlaces(value, 2);
  if (!isZero(rounded) || isZero(value)) return rounded;
  return isNegative(value) ? '> -0.01' : '< 0.01';
}

/** What is held, then what it sums up to. Sold assets stay stored with quantity 0 and are not shown. */
export function formatPortfolio({ items, values }: Portfolio): string {
  const held = items.filter(({ quantity }) => !isZero(quantity));
  if (held.length === 0) return 'The portfolio is empty.\n';
  return `${formatTable(held, COLUMNS)}\n${values.map(formatValue).join('')}`;
}

function formatValue(value: PortfolioValue): string {
  const { quoteCurrency, unpricedAssets, staleAccounts, unrealizedPnl } = value;
  const notes = [
    ...(unpricedAssets === 0 ? [] : [`without ${unpricedAssets} asset(s) that have no price`]),
    ...(staleAccounts.length === 0 ? [] : [`stale: ${staleAccounts.join(', ')}`]),
    ...(unrealizedPnl === null ? [] : [`unrealised PnL of positions apart: ${formatMoney(unrealizedPnl)}`]),
  ];
  return `Value: ${formatMoney(value.value)} ${quoteCurrency}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}\n`;
}
