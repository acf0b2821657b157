import type { RequestMeter } from '../exchange/exchange-client.js';

/** Exchanges count each request here just before they send it, unless the run's signal is aborted by then. */
export function watchingMeter(check: () => void, onFirstRequest: (() => void) | undefined): RequestMeter {
  let requests = 0;
  return {
    get requests() {
      return requests;
    },
    set requests(count) {
      check();
      if (requests === 0 && count > 0) onFirstRequest?.();
      requests = count;
    },
  };
}
