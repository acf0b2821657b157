import type { AccountRef } from './account.js';
import type { SyncedDataType } from './data-type.js';
import type { SyncOutcome } from './report.js';
import type { ScopeId } from './scope-read.js';

/* Plain JSON: `null` is unknown, times are ISO 8601 in UTC. */

export interface ScopeStatus {
  readonly scope: ScopeId;
  readonly lastCompleteAt: string | null;
  readonly lastAttemptAt: string | null;
  readonly errorCode: string | null;
  /** When the oldest of what is not read yet falls off at the exchange; null: nothing does. */
  readonly nextLossAt: string | null;
}

export interface DataTypeStatus extends AccountRef {
  readonly dataType: SyncedDataType;
  /** Of the last finished sync; null before the first. */
  readonly status: SyncOutcome | null;
  readonly running: boolean;
  readonly lastSync: string | null;
  readonly lastSuccess: string | null;
  readonly nextSync: string | null;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly scopes: readonly ScopeStatus[];
}

export interface CircuitStatus {
  readonly exchange: string;
  readonly state: 'open' | 'half-open';
  readonly until: string;
  readonly reason: string;
}

/** The exchange asked for no requests, or has banned this address or key: nothing is sent before `until`. */
export interface LimitStatus {
  readonly exchange: string;
  readonly appliesTo: 'address' | 'key';
  readonly code: 'RATE_LIMITED' | 'BANNED';
  readonly reason: string;
  readonly until: string;
}

export interface SuspensionStatus extends AccountRef {
  /** What the key may not read; null: the whole account is suspended. */
  readonly scope: string | null;
  readonly reason: string;
  readonly until: string;
}

export interface SynchronizerStatus {
  readonly scheduled: boolean;
  readonly dataTypes: readonly DataTypeStatus[];
  readonly circuits: readonly CircuitStatus[];
  readonly limits: readonly LimitStatus[];
  readonly suspensions: readonly SuspensionStatus[];
  /** Syncs, since ever and of all processes, that wrote nothing because they had lost their lease by then. */
  readonly refusedWrites: number;
}

/** One sync that a trigger asks for. What belongs to the exchange as a whole has the account `*`. */
export interface PlannedSync extends AccountRef {
  readonly dataType: SyncedDataType;
}
