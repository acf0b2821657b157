/** An exchange that is left alone until `untilMs`, after it failed repeatedly. */
export interface OpenCircuit {
  readonly openedAtMs: number;
  readonly untilMs: number;
  /** Openings in a row: each waits longer than the one before. */
  readonly openings: number;
  readonly reason: string;
}

/** An account, or one scope of it, that is left alone until `untilMs` or until its credentials change. */
export interface Suspension {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly reason: string;
  /** Of the credentials that were refused; a hash, never the credentials. */
  readonly fingerprint: string;
}

/** An exchange, or one key of it, to which nothing is sent until `untilMs`, because it asked for that. */
export interface LimitHold {
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly code: 'RATE_LIMITED' | 'BANNED';
  readonly reason: string;
}

/** What must outlive a restart and be known to other processes, lest the exchange be hammered anew. Plain data. */
export interface GuardSnapshot {
  /** By gateway, e.g. `bybit`. */
  readonly circuits: Readonly<Record<string, OpenCircuit>>;
  /** By gateway, for its address, or by exchange and fingerprint, for a key: `bybit 1a2b3c4d`. */
  readonly limits: Readonly<Record<string, LimitHold>>;
  /** By account (`bybit/main`) or by scope (`bybit/main fetchBalance wallet=FUND`). */
  readonly suspensions: Readonly<Record<string, Suspension>>;
}

const NOTHING: GuardSnapshot = { circuits: {}, limits: {}, suspensions: {} };

/** The guards' memory, kept apart from them so that it can be stored and shared. */
export class GuardState {
  readonly circuits = new Map<string, OpenCircuit>();
  readonly limits = new Map<string, LimitHold>();
  readonly suspensions = new Map<string, Suspension>();

  constructor(snapshot: GuardSnapshot = NOTHING) {
    this.merge(snapshot, NOTHING);
  }

  /**
   * Takes over what is stored. `before` is what was stored when this memory was last in step with it, so that
   * what was lifted on one side is not brought back by the other. Of two holds the one that lasts longer
   * counts: it is the newer one.
   */
  merge(stored: GuardSnapshot, before: GuardSnapshot): void {
    mergeHolds(this.circuits, stored.circuits, before.circuits);
    mergeHolds(this.limits, stored.limits, before.limits);
    mergeHolds(this.suspensions, stored.suspensions, before.suspensions);
  }

  /** Without the limits that are over by `nowMs`. */
  snapshot(nowMs: number): GuardSnapshot {
    return {
      circuits: Object.fromEntries(this.circuits),
      limits: Object.fromEntries([...this.limits].filter(([, { untilMs }]) => untilMs > nowMs)),
      suspensions: Object.fromEntries(this.suspensions),
    };
  }
}

function mergeHolds<Hold extends { readonly untilMs: number }>(
  known: Map<string, Hold>,
  stored: Readonly<Record<string, Hold>>,
  before: Readonly<Record<string, Hold>>,
): void {
  for (const [subject, hold] of known) {
    const liftedElsewhere = stored[subject] === undefined && before[subject]?.untilMs === hold.untilMs;
    if (liftedElsewhere) known.delete(subject);
  }
  for (const [subject, hold] of Object.entries(stored)) {
    const own = known.get(subject);
    const liftedHere = own === undefined && before[subject]?.untilMs === hold.untilMs;
    if (!liftedHere && (own === undefined || hold.untilMs > own.untilMs)) known.set(subject, hold);
  }
}
