import type { RequestMeter } from '../exchange/exchange-client.js';

/**
 * Counts requests. Each is counted just before it is sent, and is not sent when the run's signal is aborted by
 * then: `mayGoOn` aborts it where it gives false.
 */
export function watchingMeter(
  mayGoOn: () => boolean,
  onFirstRequest: (() => void) | undefined,
): RequestMeter {
  let requests = 0;
  return {
    get requests() {
      return requests;
    },
    set requests(count) {
      if (!mayGoOn()) return;
      if (requests === 0 && count > 0) onFirstRequest?.();
      requests = count;
    },
  };
}
