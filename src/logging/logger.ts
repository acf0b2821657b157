import type { LogLevel } from '../domain/log-level.js';

export { LOG_LEVELS, type LogLevel } from '../domain/log-level.js';

/** Plain data that says what a line is about: `runId`, `exchange`, `account`, `error`, counts. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One line: a constant sentence plus its fields. Secrets are taken out before it is written. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: LogFields;
  readonly timestampMs: number;
}

/** What the rest of the program logs to. Writing never throws and never waits. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each of its lines. */
  child(fields: LogFields): Logger;
}
