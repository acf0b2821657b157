import type { FastifyInstance, FastifyPluginAsync } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { type Clock, systemClock } from '../domain/clock.js';
import { type ExchangeDataSynchronizer, exchangeDataSynchronizer } from '../index.js';
import { LastGoodDataMemory } from './last-good-data.js';
import type { ExchangeSyncPluginOptions } from './plugin-options.js';
import { registerRoutes } from './register-routes.js';
import type { RetryTiming } from './service-keeper.js';
import { type Lease, useKeeper } from './shared-keepers.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The synchronizer that the exchange-sync plugin keeps running. */
    readonly exchangeSync: ExchangeDataSynchronizer;
  }
}

export interface PluginParts {
  readonly clock: Clock;
  readonly retry: RetryTiming;
}

const PARTS: PluginParts = { clock: systemClock, retry: { firstDelayMs: 1_000, maxDelayMs: 60_000 } };

const STOP_DEADLINE_MS = 8_000;

/** For tests; hosts use `exchangeSync`. */
export function createPlugin(parts: PluginParts = PARTS): FastifyPluginAsync<ExchangeSyncPluginOptions> {
  const plugin: FastifyPluginAsync<ExchangeSyncPluginOptions> = async (app, options) => {
    const { synchronizer = exchangeDataSynchronizer, prefix = '/exchange-sync' } = options;
    const lastGoodData = new LastGoodDataMemory();
    decorate(app, synchronizer);
    keepWithServer(app, { ...options, synchronizer }, parts, lastGoodData);
    await app.register(
      async (scope) => registerRoutes(scope, { synchronizer, options, lastGoodData, clock: parts.clock }),
      { prefix },
    );
  };
  // Without a scope of its own, so that the decoration is seen where it is registered, and only there.
  return fastifyPlugin(plugin, { fastify: '5.x', name: 'exchange-sync' });
}

export const exchangeSync = createPlugin();

/** Twice in one scope, for two prefixes, it is the same decoration. */
function decorate(app: FastifyInstance, synchronizer: ExchangeDataSynchronizer): void {
  if (app.hasDecorator('exchangeSync') && app.exchangeSync === synchronizer) return;
  app.decorate('exchangeSync', synchronizer);
}

/** Neither start nor sync delays the server, and what fails there never fails the server. */
function keepWithServer(
  app: FastifyInstance,
  options: ExchangeSyncPluginOptions & { readonly synchronizer: ExchangeDataSynchronizer },
  parts: PluginParts,
  lastGoodData: LastGoodDataMemory,
): void {
  const { synchronizer, start, initialSync = false, stopDeadlineMs = STOP_DEADLINE_MS } = options;
  let lease: Lease | undefined;
  let stopListening: (() => void) | undefined;
  app.addHook('onReady', async () => {
    stopListening = lastGoodData.listenTo(synchronizer);
    lease = useKeeper({
      ...parts,
      synchronizer,
      start,
      initialSync,
      onStatus: (status) => lastGoodData.noteStatus(status),
      onFailure: (error, step, delayMs) =>
        app.log.error(
          { err: error, step, retryInMs: delayMs },
          'exchange-sync could not do this at the start',
        ),
    });
  });
  app.addHook('preClose', async () => {
    // Not awaited: requests that wait for a sync are answered by its end, and the server waits for them.
    lease?.release(stopDeadlineMs).catch(() => undefined);
  });
  app.addHook('onClose', async () => {
    stopListening?.();
    await lease?.release(stopDeadlineMs);
  });
}
