import type { FastifyInstance } from 'fastify';
import { exchangeSync } from './plugin.js';
import type { ExchangeSyncPluginOptions } from './plugin-options.js';

/** Registers the plugin: the synchronizer starts with the app and stops with it, and the routes are there. */
export function registerExchangeSyncEvents(
  app: FastifyInstance,
  options: ExchangeSyncPluginOptions = {},
): void {
  // Fastify itself tells of what fails in a plugin, when the app becomes ready.
  void app.register(exchangeSync, options);
}
