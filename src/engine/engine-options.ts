import type { ServerDatabaseSettings, Settings } from '../config/settings.js';
import type { CredentialSource } from '../credentials/credentials.js';
import type { Clock } from '../domain/clock.js';
import type { SynchronizerEvent } from '../domain/events.js';
import type { Logger } from '../logging/logger.js';

/**
 * `service`: schedule and triggers. `on-demand`: triggers only. `read-only`: status, portfolio, history and
 * migrate; nothing is asked of an exchange.
 */
export type EngineMode = 'service' | 'on-demand' | 'read-only';

/** Settings whose database is a server by now: the host's thread starts an embedded one. */
export type EngineSettings = Settings & { readonly database: ServerDatabaseSettings };

/** What the engine needs of its host. */
export interface EngineHost {
  readonly credentials: CredentialSource;
  readonly logger: Logger;
  readonly emit: (event: SynchronizerEvent) => void;
}

export interface EngineOptions {
  readonly settings: EngineSettings;
  readonly mode: EngineMode;
  readonly host: EngineHost;
  readonly clock?: Clock;
  /** How long another process waits before it takes over from one that gives no sign of life; 30 s. */
  readonly leaseDurationMs?: number;
}
