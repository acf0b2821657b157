import { LOG_LEVELS, type LogFields, type Logger, type LogLevel, type LogRecord } from './logger.js';
import { type Redactor, redactor as threadRedactor } from './redactor.js';

export interface LoggerOptions {
  /** Lines below this level are not written. */
  readonly level?: LogLevel;
  readonly redactor?: Redactor;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * The logger of either thread. Records reach `write` as plain data without secrets, so that they can
 * cross to another thread as they are.
 */
export function createLogger(
  write: (record: LogRecord) => void,
  fields: LogFields = {},
  { level: leastLevel = 'DEBUG', redactor = threadRedactor, now = Date.now }: LoggerOptions = {},
): Logger {
  const log = (level: LogLevel, message: string, own: LogFields = {}) => {
    if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(leastLevel)) return;
    write({
      level,
      message: redactor.text(message),
      fields: redactor.fields({ ...fields, ...own }),
      timestampMs: now(),
    });
  };
  return Object.freeze({
    debug: (message: string, own?: LogFields) => log('DEBUG', message, own),
    info: (message: string, own?: LogFields) => log('INFO', message, own),
    warning: (message: string, own?: LogFields) => log('WARNING', message, own),
    error: (message: string, own?: LogFields) => log('ERROR', message, own),
    critical: (message: string, own?: LogFields) => log('CRITICAL', message, own),
    child: (more: LogFields) =>
      createLogger(write, { ...fields, ...more }, { level: leastLevel, redactor, now }),
  });
}
