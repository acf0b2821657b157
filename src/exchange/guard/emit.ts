import type { SynchronizerEventName, SynchronizerEventPayload } from '../../domain/events.js';

/** The guard's part of the synchronizer's events. */
export type GuardEventName = Extract<SynchronizerEventName, `breaker:${string}` | `account:${string}`>;

export type EmitGuardEvent = <Name extends GuardEventName>(
  name: Name,
  payload: SynchronizerEventPayload<Name>,
) => void;
