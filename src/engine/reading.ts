import type { WorkerApi } from '../bridge/worker-api.js';
import { systemClock } from '../domain/clock.js';
import { guardStatus } from '../exchange/guard/guard-status.js';
import { DatabasePulse } from '../storage/database-pulse.js';
import { readProof } from '../sync/proof/read-proof.js';
import { targetId } from '../tasks/sync-target.js';
import { readCoverage } from './coverage.js';
import type { EngineOptions } from './engine-options.js';
import type { Store } from './store.js';
import type { Syncing } from './syncing.js';

/** The calls that only look; without `syncing` they never change the schema either. */
export function createReader(
  { settings, clock = systemClock }: EngineOptions,
  { database, gate, repositories }: Store,
  syncing: Syncing | undefined,
): Pick<WorkerApi, 'ping' | 'status' | 'portfolio' | 'history' | 'mirror' | 'proof' | 'coverage'> {
  // Who only looks must not change the schema.
  const readable = () => (syncing === undefined ? gate.readable() : gate.ready());
  const pulse = new DatabasePulse({ database, schemaReady: readable, clock });
  const heldNow = async () => {
    if (syncing === undefined) return repositories.holds.load(database);
    await database.transaction((transaction) => syncing.holdKeeper.refresh(transaction));
    return syncing.clients.guardSnapshot();
  };
  return {
    ping: (deadlineMs) => pulse.check(deadlineMs),
    async status() {
      await readable();
      const running = new Set(syncing?.taskManager.running().map(targetId));
      const dataTypes = await repositories.status.list(database);
      return {
        scheduled: settings.schedule.enabled,
        dataTypes: dataTypes.map((row) => ({ ...row, running: row.running || running.has(targetId(row)) })),
        ...guardStatus(await heldNow(), clock.now()),
        refusedWrites: await repositories.leases.refusedWrites(database),
      };
    },
    async portfolio(filter) {
      await readable();
      return database.snapshot(async (moment) => {
        const items = await repositories.portfolio.list(moment, filter);
        return { items, values: await repositories.portfolio.values(moment, filter) };
      });
    },
    async history(filter) {
      await readable();
      return repositories.history.list(database, filter);
    },
    async proof(filter) {
      await readable();
      return database.snapshot((moment) => readProof(moment, repositories.proofs, filter, clock.now()));
    },
    async coverage(filter) {
      await readable();
      return database.snapshot((moment) => readCoverage(moment, repositories, filter));
    },
    async mirror(filter) {
      await readable();
      return database.snapshot((moment) => repositories.mirror.read(moment, filter));
    },
  };
}
