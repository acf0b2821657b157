import type { Logger } from '#src/logging/logger.js';

/** For tests in which nobody reads the log. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warning: () => undefined,
  error: () => undefined,
  critical: () => undefined,
  child: () => silentLogger,
};
