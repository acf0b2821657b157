const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** Inverse contracts are named by the month of the quarter. */
const QUARTERS: Readonly<Record<string, number>> = { H: 2, M: 5, U: 8, Z: 11 };

const FRIDAY = 5;

/**
 * ccxt's symbol of a dated contract by bybit's id, e.g. `BTCUSDT-29DEC23`, `BTC-29DEC23` (in USDC), `BTCUSDZ23`. They
 * leave the list of markets on their last day, and their fills stay.
 */
export function expiredSymbol(marketId: string): string | undefined {
  return linearSymbol(marketId) ?? inverseSymbol(marketId);
}

/**
 * ccxt's symbol of a pair of coins that bybit lists no more, e.g. `GONEUSDT`. Where the id ends with exactly one of the
 * currencies that others are traded for, and the fee was taken in one of the two halves, nothing else can be meant.
 */
export function delistedPair(
  marketId: string,
  row: RowOfGone,
  quotes: ReadonlySet<string>,
): string | undefined {
  const fitting = [...quotes].filter((quote) => quote.length < marketId.length && marketId.endsWith(quote));
  const [quote] = fitting;
  if (quote === undefined || fitting.length > 1) return undefined;
  const base = marketId.slice(0, -quote.length);
  const feeCurrency = row.feeCurrency || row.feeCoin;
  return feeCurrency === base || feeCurrency === quote ? `${base}/${quote}` : undefined;
}

type RowOfGone = Readonly<Record<string, unknown>>;

function linearSymbol(marketId: string): string | undefined {
  const match = /^([A-Z0-9]+?)(USDT)?-(\d{1,2})([A-Z]{3})(\d{2})$/.exec(marketId);
  if (match === null) return undefined;
  const [, base = '', quote = 'USDC', day = '', name = '', year = ''] = match;
  const month = MONTHS.indexOf(name);
  if (month < 0) return undefined;
  return `${base}/${quote}:${quote}-${year}${twoDigits(month + 1)}${day.padStart(2, '0')}`;
}

function inverseSymbol(marketId: string): string | undefined {
  const match = /^([A-Z0-9]+)USD([HMUZ])(\d{2})$/.exec(marketId);
  const [, base = '', quarter = '', year = ''] = match ?? [];
  const month = QUARTERS[quarter];
  if (month === undefined) return undefined;
  const day = lastFriday(2000 + Number(year), month);
  return `${base}/USD:${base}-${year}${twoDigits(month + 1)}${twoDigits(day)}`;
}

function lastFriday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0));
  return last.getUTCDate() - ((last.getUTCDay() - FRIDAY + 7) % 7);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
