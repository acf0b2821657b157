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

export function exchangesPage() {
  return `${GENERATED}

# What is read of an exchange

A data type is read scope by scope; a scope that fails leaves the others alone. These exchanges have a profile of their own.
Every other exchange of ccxt is read through a generic one, which knows one wallet, follows no pages and takes a list that
reached the exchange's page limit for an error. [Adding an exchange](adding-an-exchange.md) tells how it gets its own.

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

Money that lies here is not seen:

${table(['Where', 'Why'], unseen)}`;
}
