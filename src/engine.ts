import type { WorkerApi } from './bridge/worker-api.js';
import type { ServerDatabaseSettings, Settings } from './config/settings.js';
import type { CredentialProvider } from './credentials/credentials.js';
import { ExchangeSyncError } from './domain/errors.js';
import type { SynchronizerEvent } from './domain/events.js';
import type { Logger } from './logging/logger.js';

/**
 * `service`: schedule and triggers. `on-demand`: triggers only. `read-only`: status, portfolio, history and
 * migrate; nothing is asked of an exchange.
 */
export type EngineMode = 'service' | 'on-demand' | 'read-only';

/** Settings whose database is a server by now: the host's thread starts an embedded one. */
export type EngineSettings = Settings & { readonly database: ServerDatabaseSettings };

/** What the engine needs of its host. */
export interface EngineHost {
  readonly credentials: CredentialProvider;
  readonly logger: Logger;
  readonly emit: (event: SynchronizerEvent) => void;
}

export interface EngineOptions {
  readonly settings: EngineSettings;
  readonly mode: EngineMode;
  readonly host: EngineHost;
}

export interface Engine extends WorkerApi {
  /** Finishes or aborts what is under way, closes everything, resolves within the deadline. */
  stop(deadlineMs: number): Promise<void>;
}

export async function createEngine(options: EngineOptions): Promise<Engine> {
  throw new ExchangeSyncError('INTERNAL', `There is no engine for mode ${options.mode} yet.`);
}
