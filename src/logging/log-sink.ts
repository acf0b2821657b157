import { secretsOfSettings } from '../config/secrets-of-settings.js';
import type { Settings } from '../config/settings.js';
import { type HostLogger, writeToHost } from './host-logger.js';
import type { LogRecord } from './logger.js';
import { redactor } from './redactor.js';

/** Where log records end up, in the host's thread. */
export interface LogSink {
  /** Never throws and never waits. Records written after `close` are dropped. */
  write(record: LogRecord): void;
  /** Resolves when every record is where it belongs. The host's own logger stays open. */
  close(): Promise<void>;
}

export interface LogSinkOptions {
  readonly settings: Settings;
  readonly hostLogger?: HostLogger | undefined;
}

/**
 * The host's logger if it passed one, else console (stderr) and rotated files. winston is loaded only then. The
 * settings' own secrets are registered with this thread's redactor.
 */
export async function createLogSink({ settings, hostLogger }: LogSinkOptions): Promise<LogSink> {
  for (const secret of secretsOfSettings(settings)) redactor.add(secret);
  if (hostLogger !== undefined) return hostLoggerSink(hostLogger);
  const { WinstonSink } = await import('./winston-sink.js');
  return new WinstonSink(settings.logging);
}

function hostLoggerSink(hostLogger: HostLogger): LogSink {
  return {
    write(record) {
      try {
        writeToHost(hostLogger, record);
      } catch {
        // The host's logger is the only place to log to, and its failure must not become the sync's.
      }
    },
    close: async () => undefined,
  };
}
