import type {
  Mirror,
  MirroredBalance,
  MirroredOrder,
  MirroredPosition,
  MirroredPrice,
} from '../domain/mirror.js';
import type { PortfolioFilter } from '../domain/portfolio-view.js';
import type { Queryable } from './database.js';
import { qualifiedName } from './identifier.js';
import type { RepositoryOptions } from './mirror-repository.js';

const OWNER = 'exchange_id AS exchange, account';
const OF_FILTER = '($1::text IS NULL OR exchange_id = $1) AND ($2::text IS NULL OR account = $2)';

/** Reads what the mirror holds now, row by row. */
export class MirrorReader {
  readonly #schema: string;

  constructor({ schema }: RepositoryOptions) {
    this.#schema = schema;
  }

  /** All of it as of one moment when `queryable` is a transaction of at least REPEATABLE READ. */
  async read(queryable: Queryable, filter: PortfolioFilter): Promise<Mirror> {
    const values = [filter.exchange ?? null, filter.account ?? null];
    const balances = await queryable.query<MirroredBalance>(
      `SELECT ${OWNER}, wallet, currency, available, locked, total
       FROM ${this.#table('exchange_balances')} WHERE ${OF_FILTER}
       ORDER BY exchange_id, account, wallet, currency`,
      values,
    );
    const positions = await queryable.query<MirroredPosition>(
      `SELECT ${OWNER}, symbol, side, margin_mode AS "marginMode", quantity, contracts,
         entry_price AS "entryPrice", mark_price AS "markPrice", unrealized_pnl AS "unrealizedPnl", leverage,
         liquidation_price AS "liquidationPrice", settle_currency AS "settleCurrency"
       FROM ${this.#table('exchange_positions')} WHERE ${OF_FILTER} AND closed_at IS NULL
       ORDER BY exchange_id, account, symbol, side, margin_mode`,
      values,
    );
    const orders = await queryable.query<MirroredOrder>(
      `SELECT ${OWNER}, symbol, order_id AS "orderId", order_type AS "orderType", side, price,
         trigger_price AS "triggerPrice", average, amount, filled, remaining, status, raw_status AS "rawStatus"
       FROM ${this.#table('exchange_orders')} WHERE ${OF_FILTER} AND status = 'open'
       ORDER BY exchange_id, account, symbol, order_id`,
      values,
    );
    const prices = await queryable.query<MirroredPrice>(
      `SELECT exchange_id AS exchange, base, quote, price, source
       FROM ${this.#table('exchange_prices')} WHERE ($1::text IS NULL OR exchange_id = $1) AND observed_until IS NULL
       ORDER BY exchange_id, base, quote`,
      values.slice(0, 1),
    );
    return { balances: balances.rows, positions: positions.rows, orders: orders.rows, prices: prices.rows };
  }

  #table(name: string): string {
    return qualifiedName(this.#schema, name);
  }
}
