import type { ErrorCode } from './errors.js';

/** How one part of a running synchronizer answered when it was asked. */
export type PartHealth =
  | { readonly ok: true; readonly answeredInMs: number }
  | {
      readonly ok: false;
      readonly code: ErrorCode;
      /** For a person, with the remedy; never holds a secret. */
      readonly message: string;
    };

/** Whether a synchronizer can do its work now: every part was asked, nothing is remembered. */
export interface Health {
  readonly ok: boolean;
  readonly worker: PartHealth;
  /** Whether it runs a statement and its schema is this program's; null: not known, for the worker has to ask it. */
  readonly database: PartHealth | null;
}
