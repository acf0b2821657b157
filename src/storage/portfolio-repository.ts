import { type AccountRef, accountId } from '../domain/account.js';
import type { PortfolioFilter, PortfolioItem, PortfolioValue } from '../domain/portfolio-view.js';
import type { PortfolioItemRecord } from '../domain/records.js';
import type { Queryable, Transaction } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';
import { type Table, toColumn } from './table.js';
import { upsert } from './upsert.js';

/** A price once known stays until there is a newer one; in another quote currency it would be another price. */
const WITH_QUOTE = { together: 'current_price', whileSame: ['quote_currency'] } as const;

/**
 * What history can't say (yet) leaves the average that is there. Once it can, its answer counts also where it is
 * that nothing is known: an average that became wrong must not stay.
 */
const UNTIL_WORKED_OUT = { together: 'basis_known_quantity', whileSame: ['quote_currency'] } as const;

/** Known and unknown quantity add up to the quantity, or are not said. */
const OF_SAME_QUANTITY = { ...UNTIL_WORKED_OUT, whileSame: ['quote_currency', 'quantity'] } as const;

const PORTFOLIO_ITEMS: Table<PortfolioItemRecord> = {
  name: 'portfolio_items',
  owner: ['exchange_id', 'account'],
  shared: [],
  key: [{ name: 'asset', type: 'text', field: 'asset' }],
  columns: [
    { name: 'quantity', type: 'numeric', field: 'quantity' },
    { name: 'quote_currency', type: 'text', field: 'quoteCurrency' },
    { name: 'current_price', type: 'numeric', field: 'price', keep: WITH_QUOTE },
    { name: 'price_source', type: 'text', field: 'priceSource', keep: WITH_QUOTE },
    { name: 'priced_at', type: 'timestamptz', field: 'pricedAtMs', keep: WITH_QUOTE },
    { name: 'value', type: 'numeric', field: 'value', merged: valueAtKeptPrice },
    { name: 'avg_entry_price', type: 'numeric', field: 'avgEntryPrice', keep: UNTIL_WORKED_OUT },
    {
      name: 'basis_known_quantity',
      type: 'numeric',
      field: 'basisKnownQuantity',
      keep: OF_SAME_QUANTITY,
    },
    {
      name: 'basis_unknown_quantity',
      type: 'numeric',
      field: 'basisUnknownQuantity',
      keep: OF_SAME_QUANTITY,
    },
    { name: 'realized_pnl', type: 'numeric', field: 'realizedPnl', keep: UNTIL_WORKED_OUT },
    { name: 'basis_note', type: 'text', field: 'basisNote', merged: noteOfKeptBasis },
    { name: 'observed_from', type: 'timestamptz', field: 'observedFromMs' },
    { name: 'observed_to', type: 'timestamptz', field: 'observedToMs' },
  ],
};

/** A kept price is worth what is held now, not what was held when it was read. */
function valueAtKeptPrice(incoming: string, stored: string): string {
  return `CASE
    WHEN ${incoming}.current_price IS NULL AND ${incoming}.quote_currency = ${stored}.quote_currency
    THEN coalesce(${incoming}.quantity * ${stored}.current_price, ${incoming}.value)
    ELSE ${incoming}.value END`;
}

/** A kept average keeps the note that says what it covers. */
function noteOfKeptBasis(incoming: string, stored: string): string {
  return `CASE
    WHEN ${incoming}.basis_known_quantity IS NULL AND ${stored}.avg_entry_price IS NOT NULL
      AND ${incoming}.quote_currency = ${stored}.quote_currency
    THEN ${stored}.basis_note ELSE ${incoming}.basis_note END`;
}

interface ItemRow extends Omit<PortfolioItem, 'pricedAt' | 'observedFrom' | 'observedTo'> {
  readonly pricedAt: Date | null;
  readonly observedFrom: Date;
  readonly observedTo: Date;
}

interface ValueRow extends Omit<PortfolioValue, 'oldestObservation' | 'staleAccounts'> {
  readonly oldestObservation: Date | null;
  readonly staleAccounts: readonly AccountRef[];
}

/** `portfolio_items` and what they add up to. */
export class PortfolioRepository {
  readonly #schema: string;

  constructor({ schema }: RepositoryOptions) {
    this.#schema = schema;
  }

  /**
   * Writes what the account holds and gives how many rows changed. Where the items are all that it holds,
   * any other asset is no longer held: its quantity and value become 0 and its row stays.
   */
  async apply(
    transaction: Transaction,
    account: AccountRef,
    items: readonly PortfolioItemRecord[],
    { isAll }: { readonly isAll: boolean },
  ): Promise<number> {
    const owner = { exchange_id: account.exchange, account: account.account };
    const changed = await upsert(transaction, this.#schema, PORTFOLIO_ITEMS, owner, items);
    if (!isAll) return changed;
    const { rowCount: gone } = await transaction.query(
      `UPDATE ${this.#name('portfolio_items')}
       SET quantity = 0, value = 0, updated_at = now(),
         avg_entry_price = CASE WHEN basis_known_quantity IS NULL THEN avg_entry_price END,
         basis_note = CASE WHEN basis_known_quantity IS NULL THEN basis_note END,
         basis_known_quantity = CASE WHEN basis_known_quantity IS NOT NULL THEN 0 END,
         basis_unknown_quantity = CASE WHEN basis_unknown_quantity IS NOT NULL THEN 0 END
       WHERE exchange_id = $1 AND account = $2 AND quantity <> 0 AND asset <> ALL ($3::text[])`,
      [account.exchange, account.account, items.map(({ asset }) => toColumn('text', asset))],
    );
    return changed + gone;
  }

  /** What the accounts hold: no asset of which there is nothing any more, no account that is retired. */
  async list(queryable: Queryable, filter: PortfolioFilter = {}): Promise<readonly PortfolioItem[]> {
    const { rows } = await queryable.query<ItemRow>(
      `SELECT i.exchange_id AS exchange, i.account, i.asset, i.quantity,
         i.current_price AS "currentPrice", i.quote_currency AS "quoteCurrency",
         i.price_source AS "priceSource", i.priced_at AS "pricedAt", i.value,
         i.avg_entry_price AS "avgEntryPrice", i.basis_known_quantity AS "basisKnownQuantity",
         i.basis_unknown_quantity AS "basisUnknownQuantity", i.basis_note AS "basisNote",
         trim_scale(CASE WHEN i.basis_known_quantity = 0 THEN 0
           ELSE i.basis_known_quantity * (i.current_price - i.avg_entry_price) END) AS "unrealizedPnl",
         i.realized_pnl AS "realizedPnl",
         i.observed_from AS "observedFrom", i.observed_to AS "observedTo"
       FROM ${this.#name('portfolio_items')} i
       LEFT JOIN ${this.#name('sync_accounts')} a USING (exchange_id, account)
       WHERE i.quantity <> 0 AND a.retired_at IS NULL
         AND ($1::text IS NULL OR i.exchange_id = $1)
         AND ($2::text IS NULL OR i.account = $2)
       ORDER BY i.exchange_id, i.account, i.value DESC NULLS LAST, i.asset`,
      parameters(filter),
    );
    return rows.map((row) => ({
      ...row,
      pricedAt: row.pricedAt?.toISOString() ?? null,
      observedFrom: row.observedFrom.toISOString(),
      observedTo: row.observedTo.toISOString(),
    }));
  }

  /** One sum per quote currency, of the same accounts: `portfolio_value`, filtered. */
  async values(queryable: Queryable, filter: PortfolioFilter = {}): Promise<readonly PortfolioValue[]> {
    const { rows } = await queryable.query<ValueRow>(
      `SELECT quote_currency AS "quoteCurrency", sum(value) AS value,
         sum(priced_assets)::int AS "pricedAssets", sum(unpriced_assets)::int AS "unpricedAssets",
         round(sum(priced_assets) / nullif(sum(priced_assets) + sum(unpriced_assets), 0), 4) AS "pricedShare",
         min(oldest_observation) AS "oldestObservation",
         coalesce(
           json_agg(json_build_object('exchange', exchange_id, 'account', account)
             ORDER BY exchange_id, account) FILTER (WHERE stale), '[]') AS "staleAccounts",
         CASE WHEN count(*) = count(unrealized_pnl) THEN sum(unrealized_pnl) END AS "unrealizedPnl",
         trim_scale(CASE WHEN count(*) = count(holdings_unrealized_pnl) THEN sum(holdings_unrealized_pnl) END)
           AS "holdingsUnrealizedPnl",
         CASE WHEN count(*) = count(realized_pnl) THEN sum(realized_pnl) END AS "realizedPnl"
       FROM ${this.#name('portfolio_value_by_account')}
       WHERE ($1::text IS NULL OR exchange_id = $1) AND ($2::text IS NULL OR account = $2)
       GROUP BY quote_currency
       ORDER BY quote_currency`,
      parameters(filter),
    );
    return rows.map((row) => ({
      ...row,
      oldestObservation: row.oldestObservation?.toISOString() ?? null,
      staleAccounts: row.staleAccounts.map(accountId),
    }));
  }

  #name(table: string): string {
    return qualifiedName(this.#schema, table);
  }
}

function parameters(filter: PortfolioFilter): readonly (string | null)[] {
  return [filter.exchange ?? null, filter.account ?? null];
}
