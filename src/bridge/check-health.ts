import type { Clock } from '../domain/clock.js';
import type { ExchangeSyncError } from '../domain/errors.js';
import { asExchangeSyncError } from '../domain/foreign-error.js';
import type { Health, PartHealth } from '../domain/health.js';
import type { WorkerApi } from './worker-api.js';

export interface HealthCheck {
  /** What keeps the worker from answering, where that is known; asking would only wait for it. */
  readonly obstacle: ExchangeSyncError | undefined;
  readonly api: Pick<WorkerApi, 'ping'>;
  readonly clock: Clock;
  /** For the database to answer; the worker gets a second on top. */
  readonly deadlineMs: number;
}

const WORKER_MARGIN_MS = 1_000;

/** Asks the worker, and through it the database. Answers within the deadline and a second; never rejects. */
export async function checkHealth({ obstacle, api, clock, deadlineMs }: HealthCheck): Promise<Health> {
  if (obstacle) return withoutWorker(obstacle);
  const askedAtMs = clock.now();
  const limitMs = deadlineMs + WORKER_MARGIN_MS;
  const timer = new AbortController();
  const silence = clock.sleep(limitMs, timer.signal).then(() => undefined);
  try {
    const database = await Promise.race([api.ping(deadlineMs), silence]);
    if (database === undefined) return withoutWorker(silent(limitMs));
    const worker: PartHealth = { ok: true, answeredInMs: clock.now() - askedAtMs };
    return { ok: database.ok, worker, database };
  } catch (error: unknown) {
    return withoutWorker(asExchangeSyncError(error));
  } finally {
    timer.abort();
  }
}

/** Nobody else can ask the database. */
export function withoutWorker({ code, message }: Pick<ExchangeSyncError, 'code' | 'message'>): Health {
  return { ok: false, worker: { ok: false, code, message }, database: null };
}

function silent(limitMs: number): Pick<ExchangeSyncError, 'code' | 'message'> {
  const message = `The worker thread did not answer within ${limitMs} ms. If it stays silent, it is started again.`;
  return { code: 'WORKER_SILENT', message };
}
