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

/** What must outlive a restart, lest the exchange be hammered anew. Plain data. */
export interface GuardSnapshot {
  /** By gateway, e.g. `bybit`. */
  readonly circuits: Readonly<Record<string, OpenCircuit>>;
  /** By account (`bybit/main`) or by scope (`bybit/main fetchBalance wallet=FUND`). */
  readonly suspensions: Readonly<Record<string, Suspension>>;
}

/** The guards' memory, kept apart from them so that it can be stored. */
export class GuardState {
  readonly circuits: Map<string, OpenCircuit>;
  readonly suspensions: Map<string, Suspension>;

  constructor(snapshot: GuardSnapshot = { circuits: {}, suspensions: {} }) {
    this.circuits = new Map(Object.entries(snapshot.circuits));
    this.suspensions = new Map(Object.entries(snapshot.suspensions));
  }

  /** What is known already is newer than the snapshot and stays. */
  restore({ circuits, suspensions }: GuardSnapshot): void {
    addMissing(this.circuits, circuits);
    addMissing(this.suspensions, suspensions);
  }

  snapshot(): GuardSnapshot {
    return {
      circuits: Object.fromEntries(this.circuits),
      suspensions: Object.fromEntries(this.suspensions),
    };
  }
}

function addMissing<Hold>(known: Map<string, Hold>, stored: Readonly<Record<string, Hold>>): void {
  for (const [subject, hold] of Object.entries(stored)) {
    if (!known.has(subject)) known.set(subject, hold);
  }
}
