import type { AccountRef } from './account.js';
import type { HistoryChunk } from './backfill-report.js';
import type { SyncedDataType } from './data-type.js';
import type { ExchangeSyncError } from './errors.js';
import type { AssetProof } from './proof-view.js';
import type { SyncReport } from './report.js';

/** The events of `exchangeDataSynchronizer`, with what each listener is given. */
export interface SynchronizerEvents {
  'sync:start': (run: AccountRef & { runId: string; dataType: SyncedDataType }) => void;
  'sync:report': (report: SyncReport) => void;
  /** The exchange failed repeatedly; no request is sent to it before `until` (ISO 8601). */
  'breaker:open': (breaker: { exchange: string; until: string; reason: string }) => void;
  'breaker:close': (breaker: { exchange: string }) => void;
  /** The exchange rejected the account's key; `until` is when it is tried again at the latest. */
  'account:suspended': (account: AccountRef & { reason: string; until: string }) => void;
  'account:resumed': (account: AccountRef) => void;
  /** A page of history was committed. */
  'history:chunk': (chunk: HistoryChunk) => void;
  /** An asset does not add up, also after what could explain it was read again. */
  'proof:unexplained': (proof: AssetProof) => void;
  /** The worker thread died or hung; `attempt` counts restarts since it last ran well. */
  'worker:restart': (restart: { reason: string; attempt: number; delayMs: number }) => void;
  /** What went wrong in the background. */
  error: (error: ExchangeSyncError) => void;
}

export type SynchronizerEventName = keyof SynchronizerEvents;
export type SynchronizerEventPayload<Name extends SynchronizerEventName> = Parameters<
  SynchronizerEvents[Name]
>[0];

/** One event on its way from where it happened to the listeners. */
export type SynchronizerEvent = {
  [Name in SynchronizerEventName]: { readonly name: Name; readonly payload: SynchronizerEventPayload<Name> };
}[SynchronizerEventName];
