import type { Logger } from '#src/logging/logger.js';

const ignore = () => undefined;

export const silentLogger: Logger = {
  debug: ignore,
  info: ignore,
  warning: ignore,
  error: ignore,
  critical: ignore,
  child: () => silentLogger,
};
