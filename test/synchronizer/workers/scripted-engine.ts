import { hostCredentials } from '#src/bridge/host-credentials.js';
import { serveWorker } from '#src/bridge/serve-worker.js';
import type { ThreadData } from '#src/bridge/thread.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { Redactor } from '#src/logging/redactor.js';

/*
 * Stands where the engine is. The quote currency says how it starts, the data type what a trigger does, and
 * answers are wrapped as `[...]` so that tests see what reached the worker.
 */

serveWorker(async ({ data, host, notify }) => {
  const { settings, mode } = data as ThreadData;
  const credentials = hostCredentials(host, new Redactor());
  if (settings.quoteCurrency === 'BADCONFIG')
    throw new ExchangeSyncError('TESTNET_UNAVAILABLE', 'no testnet');
  if (settings.quoteCurrency === 'BROKEN') throw new Error('broken on purpose');

  let drain: (() => void) | undefined;
  const triggers: Record<string, () => unknown> = {
    balances: async () => {
      const found = await credentials.resolve({ exchange: 'bybit', account: 'main' });
      return found?.credentials;
    },
    positions: () => process.exit(7),
    orders: () =>
      notify({
        kind: 'event',
        event: { name: 'error', payload: new ExchangeSyncError('BANNED', 'for a while') },
      }),
    prices: () =>
      new Promise((resolve) => {
        drain = () => resolve('drained');
      }),
    portfolio: () => new Promise(() => undefined),
  };
  return {
    triggerSync: async (exchange, account, dataType) =>
      [{ exchange, account, dataType, answer: await triggers[dataType]?.() }] as never,
    syncAll: async () => [{ mode, port: settings.database.port }] as never,
    testCredentials: async (exchange, account) => [{ mode, exchange, account }] as never,
    status: async () => {
      notify({
        kind: 'log',
        record: { level: 'INFO', message: 'Status asked', fields: { mode }, timestampMs: 1 },
      });
      return { mode, host: settings.database.host, port: settings.database.port } as never;
    },
    portfolio: async (filter) => ({ mode, filter }) as never,
    history: async (filter) => [{ mode, filter }] as never,
    mirror: async (filter) => ({ mode, filter }) as never,
    plan: async (exchange, account, dataType) => [{ exchange, account, dataType }] as never,
    ping: async (deadlineMs) => {
      if (settings.quoteCurrency === 'MUTE') return await new Promise(() => undefined);
      return { ok: false, code: 'DATABASE_UNAVAILABLE', message: `nothing within ${deadlineMs} ms` };
    },
    backfill: async (work) => ({ mode, work }) as never,
    repair: async (work) => ({ mode, work }) as never,
    coverage: async (filter) => ({ mode, filter }) as never,
    proof: async (filter) => ({ mode, filter }) as never,
    backup: async (options) => [options] as never,
    restore: async (options) => [options] as never,
    migrate: async () => ({ mode }) as never,
    stop: async () => drain?.(),
  };
});
