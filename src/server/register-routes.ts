import type { Clock } from '../domain/clock.js';
import { type ExchangeDataSynchronizer, ExchangeSyncError } from '../index.js';
import { httpError } from './error-answer.js';
import type { LastGoodDataMemory } from './last-good-data.js';
import type { ExchangeSyncPluginOptions } from './plugin-options.js';
import { validatorCompiler } from './request-validator.js';
import { coverageRoute } from './routes/coverage-route.js';
import { healthRoute } from './routes/health-route.js';
import { historyRoute } from './routes/history-route.js';
import { portfolioRoute } from './routes/portfolio-route.js';
import { proofRoute } from './routes/proof-route.js';
import { statusRoute } from './routes/status-route.js';
import { syncRoutes } from './routes/sync-routes.js';
import type { RouteScope } from './type-provider.js';

/** What routes work with. */
export interface RouteContext {
  readonly synchronizer: ExchangeDataSynchronizer;
  readonly options: ExchangeSyncPluginOptions;
  readonly lastGoodData: LastGoodDataMemory;
  readonly clock: Clock;
}

const ROUTES = [
  syncRoutes,
  statusRoute,
  portfolioRoute,
  coverageRoute,
  proofRoute,
  historyRoute,
  healthRoute,
];

/** The routes in a scope of their own: what is set here concerns no other route of the server. */
export function registerRoutes(scope: RouteScope, context: RouteContext): void {
  const { options, lastGoodData, clock } = context;
  scope.setValidatorCompiler(validatorCompiler);
  scope.addHook('onRequest', async (_request, reply) => {
    // Nobody between here and the reader keeps what somebody owns.
    reply.header('cache-control', 'no-store');
  });
  closeConnectionsAtTheEnd(scope);
  if (options.onRequest) scope.addHook('onRequest', options.onRequest);
  scope.setErrorHandler(async (error, request, reply) => {
    const { status, answer } = httpError(error);
    if (status >= 500) request.log.error({ err: error }, 'exchange-sync could not answer');
    const unavailable = status === 503;
    const details = {
      ...answer.details,
      ...(unavailable && { lastGoodData: lastGoodData.recall(clock.now()) }),
    };
    return reply.code(status).send(unavailable ? { ...answer, details } : answer);
  });
  // A prefix of '' or '/' is the host's own ground.
  if (scope.prefix.length > 1) {
    scope.setNotFoundHandler(async ({ method, url }) => {
      throw new ExchangeSyncError('NOT_FOUND', `There is no ${method} ${url.split('?')[0]} here.`);
    });
  }
  for (const route of ROUTES) route(scope, context);
}

/** A connection whose request was under way when the server began to close would be kept open for the next one. */
function closeConnectionsAtTheEnd(scope: RouteScope): void {
  let closing = false;
  scope.addHook('preClose', async () => {
    closing = true;
  });
  scope.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close');
  });
}
