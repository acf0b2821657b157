import type { ExchangeDataSynchronizer } from '../index.js';
import { PartUnavailable } from './part-unavailable.js';

/**
 * Calls wait for a synchronizer that is starting. One that is not running would start a worker of its own for each
 * request: here it is the reason why not that is answered.
 */
export async function requireRunning(synchronizer: ExchangeDataSynchronizer): Promise<void> {
  if (synchronizer.state === 'starting' || synchronizer.state === 'running') return;
  const { worker } = await synchronizer.health();
  if (!worker.ok) throw new PartUnavailable(worker);
}
