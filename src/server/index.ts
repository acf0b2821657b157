export { exchangeSync, exchangeSync as default } from './plugin.js';
export type { ExchangeSyncPluginOptions } from './plugin-options.js';
export { type RegisteringApp, registerExchangeSyncEvents } from './register-exchange-sync-events.js';
