import type { Route } from '../support/exchange-server.js';

/** Answers requests to a path with this body, as far as their parameters are these. */
export function answering(path: string, body: unknown, query: Readonly<Record<string, string>> = {}): Route {
  return (request) => {
    const isSame = Object.entries(query).every(([name, value]) => request.query.get(name) === value);
    return request.path === path && isSame ? body : undefined;
  };
}
