import { Client } from 'pg';
import type { ServerDatabaseSettings } from '#src/config/settings.js';
import type {
  Mirror,
  MirroredBalance,
  MirroredOrder,
  MirroredPosition,
  MirroredPrice,
} from '#src/domain/mirror.js';

type Row = Readonly<Record<string, unknown>>;

/** What the database holds, read by statements of the tests' own. */
export class Stored {
  readonly schema: string;
  readonly #client: Client;

  private constructor(client: Client, schema: string) {
    this.#client = client;
    this.schema = schema;
  }

  static async open(settings: ServerDatabaseSettings, schema: string): Promise<Stored> {
    const { host, port, user, password, database } = settings;
    const client = new Client({ host, port, user, password, database });
    await client.connect();
    return new Stored(client, schema);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  /** `:` before a table's name stands for the schema. */
  async query<R extends object = Record<string, unknown>>(
    sql: string,
    values?: readonly unknown[],
  ): Promise<R[]> {
    const text = sql.replace(/(?<![:\w]):(?=[a-z_]+)/g, `"${this.schema}".`);
    const { rows } = await this.#client.query<R>(text, values && [...values]);
    return rows;
  }

  async drop(): Promise<void> {
    await this.query(`DROP SCHEMA IF EXISTS "${this.schema}" CASCADE`);
  }

  async tables(): Promise<readonly string[]> {
    const rows = await this.query<{ name: string }>(
      `SELECT tablename AS name FROM pg_tables WHERE schemaname = '${this.schema}' ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  }

  /** Every row of every table as PostgreSQL writes it. */
  async everything(): Promise<Readonly<Record<string, readonly string[]>>> {
    return await this.#contents(await this.tables());
  }

  /** What the exchanges said, apart from how and when it was read and what it is worth. */
  async mirrored(): Promise<Readonly<Record<string, readonly string[]>>> {
    const tables = await this.tables();
    return await this.#contents(tables.filter((name) => /^exchange_(?!sync)/.test(name)));
  }

  async #contents(tables: readonly string[]): Promise<Record<string, string[]>> {
    const contents: Record<string, string[]> = {};
    for (const table of tables) {
      const rows = await this.query<{ row: string }>(`SELECT t::text AS row FROM :${table} t ORDER BY 1`);
      contents[table] = rows.map(({ row }) => row);
    }
    return contents;
  }

  /** Balances, open positions, open orders and current prices. */
  async mirror(): Promise<Mirror> {
    const account = 'exchange_id AS exchange, account';
    return {
      balances: await this.query<MirroredBalance & Row>(
        `SELECT ${account}, wallet, currency, available::text, locked::text, total::text FROM :exchange_balances`,
      ),
      positions: await this.query<MirroredPosition & Row>(
        `SELECT ${account}, symbol, side, margin_mode AS "marginMode", quantity::text, contracts::text,
           entry_price::text AS "entryPrice", mark_price::text AS "markPrice",
           unrealized_pnl::text AS "unrealizedPnl", leverage::text,
           liquidation_price::text AS "liquidationPrice", settle_currency AS "settleCurrency"
         FROM :exchange_positions WHERE closed_at IS NULL`,
      ),
      orders: await this.query<MirroredOrder & Row>(
        `SELECT ${account}, symbol, order_id AS "orderId", order_type AS "orderType", side, price::text,
           trigger_price::text AS "triggerPrice", average::text, amount::text, filled::text,
           remaining::text, status, raw_status AS "rawStatus"
         FROM :exchange_orders WHERE status = 'open'`,
      ),
      prices: await this.query<MirroredPrice & Row>(
        `SELECT exchange_id AS exchange, base, quote, price::text, source FROM :exchange_prices
         WHERE observed_until IS NULL`,
      ),
    };
  }
}
