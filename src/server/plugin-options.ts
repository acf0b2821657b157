import type { onRequestHookHandler } from 'fastify';
import type { ExchangeDataSynchronizer, StartOptions } from '../index.js';

export interface ExchangeSyncPluginOptions {
  /** Before the routes; `/exchange-sync` by default, after the prefix of the scope that it is registered in. */
  readonly prefix?: string;
  /** For the synchronizer's `start()`; what is left out comes from the environment. */
  readonly start?: StartOptions | undefined;
  /**
   * True syncs everything once after the start, also what is not due by the schedule, and also where the schedule
   * is off. Otherwise the schedule decides: at once what has never been synced, later what was synced recently.
   */
  readonly initialSync?: boolean | undefined;
  /** For syncs under way when the server closes; 8000 by default. */
  readonly stopDeadlineMs?: number | undefined;
  /** For the database to answer a health check; 2000 by default. */
  readonly healthDeadlineMs?: number | undefined;
  /**
   * Before each of the routes, and no other: where the host says who may use them. Without one, and without a hook
   * of the surrounding scope, whoever reaches the server may.
   */
  readonly onRequest?: onRequestHookHandler | undefined;
  /** `exchangeDataSynchronizer` by default. */
  readonly synchronizer?: ExchangeDataSynchronizer | undefined;
}
