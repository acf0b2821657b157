import { exchangeSync } from './plugin.js';
import type { ExchangeSyncPluginOptions } from './plugin-options.js';

/** A Fastify app or scope, whatever its server, logger and type provider are. */
export interface RegisteringApp {
  register(plugin: typeof exchangeSync, options: ExchangeSyncPluginOptions): unknown;
}

/** Registers the plugin: the synchronizer starts with the app and stops with it, and the routes are there. */
export function registerExchangeSyncEvents(
  app: RegisteringApp,
  options: ExchangeSyncPluginOptions = {},
): void {
  // Fastify itself tells of what fails in a plugin, when the app becomes ready.
  void app.register(exchangeSync, options);
}
