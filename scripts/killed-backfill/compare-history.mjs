import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';

/**
 * What is compared of each list: its columns, the stored rows, and a row of the truth as the same columns. The
 * funding wallet's statement is in whole seconds.
 */
const LISTS = {
  fills: {
    columns: {
      symbol: 'TEXT',
      id: 'TEXT',
      side: 'TEXT',
      price: 'NUMERIC',
      amount: 'NUMERIC',
      time: 'TIMESTAMPTZ',
    },
    stored: 'SELECT symbol, trade_id, side, price, amount, timestamp FROM exchange_trades',
    row: ({ symbol, tradeId, side, price, amount, timestampMs }) => [
      ...[symbol, tradeId, side, price, amount, isoTime(timestampMs)],
    ],
  },
  transfers: {
    columns: { kind: 'TEXT', currency: 'TEXT', amount: 'NUMERIC', change: 'NUMERIC' },
    stored: 'SELECT kind, currency, amount, change FROM exchange_transfers',
    row: ({ kind, currency, amount, change }) => [kind, currency, amount, change],
  },
  ledger: {
    columns: { wallet: 'TEXT', currency: 'TEXT', change: 'NUMERIC', time: 'TIMESTAMPTZ' },
    stored: `SELECT wallet, currency, amount - coalesce(fee_cost, 0), date_trunc('second', timestamp) FROM exchange_ledger`,
    row: ({ wallet, currency, change, timestampMs }) => [
      ...[wallet, currency, change, isoTime(Math.floor(timestampMs / 1000) * 1000)],
    ],
  },
};

/** Streams the truth into tables beside the stored rows, and lets the database compare them. */
export async function compareHistory(client, urlOf) {
  const outcomes = [];
  for (const [list, { columns, stored, row }] of Object.entries(LISTS)) {
    const table = `truth_${list}`;
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    await client.query(`CREATE TEMPORARY TABLE ${table} (${definitions.join(', ')})`);
    const response = await fetch(urlOf(list));
    if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
    const lines = createInterface({ input: Readable.fromWeb(response.body) });
    await pipeline(Readable.from(copyLines(lines, row)), client.query(copyFrom(`COPY ${table} FROM STDIN`)));
    const count = async (sql) =>
      Number((await client.query(`SELECT count(*) FROM (${sql}) AS rows`)).rows[0].count);
    outcomes.push({
      list,
      truth: await count(`SELECT FROM ${table}`),
      stored: await count(stored),
      // EXCEPT ALL counts: a row that is there twice instead of once is one too many.
      lost: await count(`SELECT * FROM ${table} EXCEPT ALL ${stored}`),
      tooMany: await count(`${stored} EXCEPT ALL SELECT * FROM ${table}`),
    });
  }
  return outcomes;
}

async function* copyLines(lines, row) {
  for await (const line of lines) yield `${row(JSON.parse(line)).join('\t')}\n`;
}

function isoTime(ms) {
  return new Date(ms).toISOString();
}
