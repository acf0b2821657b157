import { type ExchangeDataSynchronizer, ExchangeSyncError } from '../index.js';
import { ServiceKeeper, type ServiceKeeperOptions } from './service-keeper.js';

interface Shared {
  readonly keeper: ServiceKeeper;
  readonly start: ServiceKeeperOptions['start'];
  users: number;
}

const shared = new WeakMap<ExchangeDataSynchronizer, Shared>();

/** A use of a keeper. */
export interface Lease {
  /** The last user to go stops the synchronizer; the others leave it running. */
  release(deadlineMs: number): Promise<void>;
}

/**
 * A process has one synchronizer, and may register it in two places: it is started by the first and stopped with
 * the last. Throws CONFIG_INVALID when they want it with different settings.
 */
export function useKeeper(options: ServiceKeeperOptions): Lease {
  const { synchronizer, start } = options;
  const known = shared.get(synchronizer);
  if (known && start !== undefined && start !== known.start) {
    throw new ExchangeSyncError(
      'CONFIG_INVALID',
      'exchange-sync is registered twice with different `start` options, and a process has one synchronizer. Pass the same object, or pass it once.',
    );
  }
  const entry = known ?? { keeper: new ServiceKeeper(options), start, users: 0 };
  shared.set(synchronizer, entry);
  entry.users += 1;
  entry.keeper.start();
  let released: Promise<void> | undefined;
  return {
    release(deadlineMs) {
      released ??= release(synchronizer, entry, deadlineMs);
      return released;
    },
  };
}

async function release(
  synchronizer: ExchangeDataSynchronizer,
  entry: Shared,
  deadlineMs: number,
): Promise<void> {
  entry.users -= 1;
  if (entry.users > 0) return;
  shared.delete(synchronizer);
  await entry.keeper.stop(deadlineMs);
}
