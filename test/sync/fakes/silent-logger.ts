import type { Logger } from '#src/logging/logger.js';

/** Nothing is written; for what logs by the way. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warning: () => undefined,
  error: () => undefined,
  critical: () => undefined,
  child: () => silentLogger,
};
