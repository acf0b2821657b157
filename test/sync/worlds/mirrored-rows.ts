import type { Stored } from '../../e2e/support/stored.js';

/** One row of the mirror as PostgreSQL writes it, under the name that findDifferences gives it. */
export interface MirroredRow {
  readonly name: string;
  /** `bybit/main balances wallet=FUND`. */
  readonly scope: string;
  readonly content: string;
}

const ROWS = `
  SELECT exchange_id || '/' || account || ' balance ' || wallet || ' ' || currency AS name,
    exchange_id || '/' || account || ' balances ' || scope AS scope,
    to_jsonb(t) - 'updated_at' AS content FROM :exchange_balances t
  UNION ALL SELECT exchange_id || '/' || account || ' position ' || symbol || ' ' || side,
    exchange_id || '/' || account || ' positions ' || scope,
    to_jsonb(t) - 'updated_at' FROM :exchange_positions t
  UNION ALL SELECT exchange_id || '/' || account || ' order ' || symbol || ' ' || order_id,
    exchange_id || '/' || account || ' orders ' || scope,
    to_jsonb(t) - 'updated_at' FROM :exchange_orders t
  UNION ALL SELECT exchange_id || ' price ' || base || '/' || quote, exchange_id || '/* prices ' || scope,
    to_jsonb(t) - 'updated_at' FROM :exchange_prices t`;

export async function mirroredRows(stored: Stored): Promise<ReadonlyMap<string, MirroredRow>> {
  const rows = await stored.query<MirroredRow>(`SELECT name, scope, content::text FROM (${ROWS}) AS rows`);
  return new Map(rows.map((row) => [row.name, row]));
}

/** When each scope was last read completely. */
export async function completions(stored: Stored): Promise<ReadonlyMap<string, string | null>> {
  const rows = await stored.query<{ scope: string; at: string | null }>(
    `SELECT exchange_id || '/' || account || ' ' || data_type || ' ' || scope AS scope,
       last_complete_at::text AS at FROM :sync_scopes`,
  );
  return new Map(rows.map(({ scope, at }) => [scope, at]));
}

/** The scope in which a row must be that is true and not stored. */
export function scopeOfMissing(name: string, isConditional: (orderId: string) => boolean): string {
  const [owner = '', kind = '', first = '', second = ''] = name.split(' ');
  const exchange = owner.split('/')[0] ?? '';
  if (kind === 'price') return `${exchange}/* prices spot`;
  if (kind === 'balance') return `${owner} balances wallet=${first}`;
  const market = exchange === 'bybit' ? bybitMarket(first) : binanceMarket(first);
  if (kind === 'position') return `${owner} positions ${market}`;
  const plain = exchange === 'binance' && market === 'spot';
  return `${owner} orders ${market}${!plain && isConditional(second) ? ':conditional' : ''}`;
}

function bybitMarket(symbol: string): string {
  if (!symbol.includes(':')) return 'spot';
  if (/-[CP]$/.test(symbol)) return 'option';
  const settle = /:([A-Z]+)/.exec(symbol)?.[1];
  return settle === 'USDT' || settle === 'USDC' ? `linear:${settle}` : 'inverse';
}

function binanceMarket(symbol: string): string {
  if (!symbol.includes(':')) return 'spot';
  return symbol.includes('/USD:') ? 'COIN-M' : 'USD-M';
}
