import { expect } from 'chai';
import Fastify, { type RouteOptions } from 'fastify';
import { useServers } from './served-app.js';

/** The `type` of every schema below. */
function typesIn(schema: unknown): readonly unknown[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { type } = schema as { type?: unknown };
  const own = typeof type === 'string' || Array.isArray(type) ? [type].flat() : [];
  return [...own, ...Object.values(schema).flatMap(typesIn)];
}

describe('the schemas of the routes', () => {
  const servers = useServers();
  let routes: RouteOptions[];

  beforeEach(async () => {
    routes = [];
    const app = Fastify();
    app.addHook('onRoute', (route) => {
      if (route.method !== 'HEAD') routes.push(route);
    });
    await app.register(servers.plugin, servers.options());
    await servers.listen(app);
  });

  it('are there for every route: what it is for, what it answers, and how it refuses', () => {
    expect(routes.map(({ method, url }) => `${method} ${url}`)).to.have.members([
      'POST /exchange-sync/sync',
      'GET /exchange-sync/sync/:id',
      'GET /exchange-sync/status',
      'GET /exchange-sync/portfolio',
      'GET /exchange-sync/coverage',
      'GET /exchange-sync/proof',
      'GET /exchange-sync/history',
      'GET /exchange-sync/healthz',
    ]);
    for (const { url, schema } of routes) {
      const { summary, response } = schema as { summary: string; response: Record<string, unknown> };
      expect(summary, url).to.match(/^\w.+/);
      expect(Object.keys(response), url).to.include.members(['200', '4xx', '5xx']);
    }
  });

  it('know no number that is not an integer: amounts are texts', () => {
    const types = routes.flatMap(({ schema }) => typesIn(schema?.response));
    expect(new Set(types)).to.deep.equal(
      new Set(['object', 'array', 'string', 'null', 'integer', 'boolean']),
    );
  });
});
