import { secretsOfSettings } from '../config/secrets-of-settings.js';
import type { EngineOptions } from '../engine/engine-options.js';
import { createLogger } from '../logging/create-logger.js';
import { redactor } from '../logging/redactor.js';
import { hostCredentials } from './host-credentials.js';
import { serveWorker } from './serve-worker.js';

/** What the host passes to this thread. */
export type ThreadData = Omit<EngineOptions, 'host'>;

serveWorker(async ({ data, host, notify }) => {
  const { settings, mode } = data as ThreadData;
  for (const secret of secretsOfSettings(settings)) redactor.add(secret);
  // Only now, so that pings are answered before all of ccxt is being compiled.
  const { createEngine } = await import('../engine/engine.js');
  return createEngine({
    settings,
    mode,
    host: {
      credentials: hostCredentials(host, redactor),
      logger: createLogger(
        (record) => notify({ kind: 'log', record }),
        {},
        { level: settings.logging.level },
      ),
      emit: (event) => notify({ kind: 'event', event }),
    },
  });
});
