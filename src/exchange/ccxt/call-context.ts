import { AsyncLocalStorage } from 'node:async_hooks';
import { ExchangeSyncError } from '../../domain/errors.js';
import type { ReadContext, RequestMeter } from '../exchange-client.js';
import type { ApiSection } from './raw-exchange.js';

/** What every HTTP request of one guarded call obeys, however deep inside ccxt it is sent. */
export interface CallContext {
  /** Ends the call: its caller's signal, its deadline and the closing of the manager in one. */
  readonly signal: AbortSignal;
  /** By the injected clock. A wait that would last longer is refused at once. */
  readonly deadlineAtMs: number;
  readonly meter: RequestMeter;
  readonly priority: ReadContext['priority'];
  /** Told the time at which a request leaves, after its wait for the limiter. */
  readonly onSend?: (sentAtMs: number) => void;
}

/** One request of the call, as ccxt names it: what the limiter's budgets apply to. */
export interface RequestContext extends CallContext {
  readonly section: string;
  readonly endpoint: string;
}

interface Store {
  readonly call: CallContext;
  readonly request?: RequestContext;
}

const storage = new AsyncLocalStorage<Store>();

/** Runs `work` so that requests sent by it, in parallel too, find this context. */
export function inCall<T>(context: CallContext, work: () => Promise<T>): Promise<T> {
  return storage.run({ call: context }, work);
}

export function inRequest<T>(api: ApiSection, endpoint: string, work: () => Promise<T>): Promise<T> {
  const call = currentCall();
  const request = { ...call, section: [api].flat().join('.'), endpoint };
  return storage.run({ call, request }, work);
}

/** Throws INTERNAL outside a guarded call: such a request would have no deadline and no limit. */
export function currentCall(): CallContext {
  const call = storage.getStore()?.call;
  if (call === undefined) {
    throw new ExchangeSyncError('INTERNAL', 'An exchange was asked for something outside a guarded call.');
  }
  return call;
}

export function currentRequest(): RequestContext {
  const request = storage.getStore()?.request;
  if (request === undefined) {
    throw new ExchangeSyncError('INTERNAL', 'An HTTP request was sent outside a guarded call.');
  }
  return request;
}
