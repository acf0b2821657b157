import { existsSync } from 'node:fs';
import { PROFILES } from '../../dist/exchange/profiles/index-of-profiles.js';
import { code, GENERATED, table } from './markdown.mjs';

/** How the lists of a profile are called in reports and in `sync_scopes`. */
const DATA_TYPES = {
  balances: 'balances',
  positions: 'positions',
  openOrders: 'orders (open)',
  recentOrders: 'orders (recent)',
  prices: 'prices',
};

const HISTORIES = ['trades', 'transfers', 'ledger'];

const DAY_MS = 24 * 60 * 60_000;

/** Where balances count from, which lists flow nothing, and how far back each of them goes. */
function histories(profile) {
  return HISTORIES.flatMap((dataType) =>
    grouped(profile[dataType]).map(([scopes, list]) => [
      dataType,
      scopes,
      list.needsSymbol === true ? 'each symbol' : 'everything',
      list.retentionMs === undefined ? 'all that there is' : `${list.retentionMs / DAY_MS} days`,
    ]),
  );
}

/** Lists that differ by nothing but what stands behind the colon are one row. */
function grouped(lists) {
  const groups = new Map();
  for (const list of lists) {
    const prefix = list.id.replace(/:.*/, '');
    const key = `${prefix} ${list.retentionMs} ${list.needsSymbol}`;
    groups.set(key, [...(groups.get(key) ?? []), list]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length > 4
      ? [[`${code(`${group[0].id.replace(/:.*/, '')}:…`)} (${group.length})`, group[0]]]
      : group.map((list) => [code(list.id), list]),
  );
}

export function exchangesPage() {
  return `${GENERATED}

# What is read of an exchange

A data type is read scope by scope; a scope that fails leaves the others alone. These exchanges have a profile of their own.
Every other exchange of ccxt is read through a generic one, which knows one wallet, follows no pages and takes a list that
reached the exchange's page limit for an error. Of histories it reads fills of which ccxt says how many come at once and how long
a range may be, deposits and withdrawals; nothing is proven by them. [Adding an exchange](adding-an-exchange.md) tells how it gets its own.

${PROFILES.map(section).join('\n\n')}
`;
}

/** Where it is written who says what the profile claims. */
function evidence(exchange) {
  const page = new URL(`../../docs/exchanges/${exchange}.md`, import.meta.url);
  return existsSync(page) ? `\n[Evidence, and what balances mean](exchanges/${exchange}.md)\n` : '';
}

function section(profile) {
  const scopes = Object.entries(DATA_TYPES).map(([list, name]) => [
    name,
    profile[list].map(({ id }) => code(id)).join(', ') || 'none',
  ]);
  const unseen = profile.unseenWallets.map(({ wallet, reason }) => [wallet, reason]);
  return `## ${profile.exchange}
${evidence(profile.exchange)}
${table(['Data type', 'Scopes'], scopes)}

${table(['History', 'Scope', 'Asked for', 'Served'], histories(profile))}

Money that lies here is not seen:

${table(['Where', 'Why'], unseen)}`;
}
