import type { LogLevel, LogRecord } from './logger.js';

/** The slice of a winston logger that is used. */
export interface HostLogger {
  log(level: string, message: string, fields: Record<string, unknown>): unknown;
  /** winston's own: level names by priority. */
  readonly levels?: Readonly<Record<string, number>>;
}

/** Our levels by the names that winston's npm, cli and syslog levels give them, best first. */
const LEVEL_NAMES: Readonly<Record<LogLevel, readonly string[]>> = {
  DEBUG: ['debug'],
  INFO: ['info'],
  WARNING: ['warn', 'warning'],
  ERROR: ['error'],
  CRITICAL: ['crit', 'critical', 'fatal', 'error'],
};

/** Writes to a logger of the host's and changes nothing about it. */
export function writeToHost(logger: HostLogger, { level, message, fields, timestampMs }: LogRecord): void {
  const names = LEVEL_NAMES[level];
  // Without a table of levels, npm's names are what winston uses.
  const levels = logger.levels ?? { error: 0, warn: 1, info: 2, debug: 5 };
  const name = names.find((known) => Object.hasOwn(levels, known)) ?? Object.keys(levels)[0] ?? 'info';
  logger.log(name, message, { ...fields, timestamp: new Date(timestampMs).toISOString() });
}
