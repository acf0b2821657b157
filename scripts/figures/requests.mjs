import { runNode } from './child.mjs';

/** Requests of a full sync, all data types, of one account with 200 assets. */
export async function countRequests() {
  const figures = [];
  for (const exchange of ['bybit', 'binance']) {
    const { stdout } = await runNode('scripts/figures/counting-host.mjs', [exchange]);
    const { first, second, scopes } = JSON.parse(stdout);
    figures.push(
      { figure: `${exchange}: scopes of a full sync of one account`, value: scopes },
      {
        figure: `${exchange}: requests of a full sync, 200 assets, markets and account mode cached`,
        value: second.total,
        bound: `one per scope and page (${scopes}), plus at most 2`,
      },
      { figure: `${exchange}: requests of the first sync`, value: first.total },
      ...extras(first.requests, second.requests).map(({ path, count }) => ({
        figure: `${exchange}:   more in the first than in the second: ${path}`,
        value: count,
      })),
      { figure: `${exchange}: outcomes`, value: [...new Set(second.statuses)].join(', ') },
    );
  }
  return figures;
}

function extras(first, second) {
  const usual = new Map(second.map(({ method, path, count }) => [`${method} ${path}`, count]));
  return first
    .map(({ method, path, count }) => ({ path, count: count - (usual.get(`${method} ${path}`) ?? 0) }))
    .filter(({ count }) => count > 0);
}
