import type { DecimalString } from '../../domain/decimal-string.js';
import type { ProofState } from '../../domain/proof-view.js';
import type { TimeRange } from '../../domain/time-range.js';
import { compare } from '../../ledger/decimal.js';
import type { StoredProof } from '../../storage/proof-repository.js';

/** Of a reread that still has not come through, nothing is awaited after so long. */
const REREAD_TAKES_AT_MOST_MS = 24 * 60 * 60 * 1000;

export interface FollowUpFacts {
  readonly state: ProofState;
  readonly unexplainedQuantity: DecimalString | null;
  readonly previous: StoredProof | undefined;
  /** When it last added up; else the horizon. */
  readonly addedUpAtMs: number;
  readonly observedToMs: number;
  /** Something that was asked to be read again has not been read yet. */
  readonly isRereading: boolean;
  readonly nowMs: number;
}

export interface FollowUp {
  readonly rereadAtMs: number | undefined;
  readonly announcedQuantity: DecimalString | undefined;
  /** What is to be read once more. */
  readonly reread: TimeRange | undefined;
  readonly isToBeAnnounced: boolean;
}

/**
 * What a rest leads to: first, what could explain it is read again, once; then somebody is told, once for each
 * amount. An amount that is another one each time is told of once until it stays.
 */
export function followUp(facts: FollowUpFacts): FollowUp {
  const { state, unexplainedQuantity: rest, previous, addedUpAtMs, observedToMs, isRereading, nowMs } = facts;
  if (state === 'proven' || previous?.state === 'proven') {
    const nothing = { rereadAtMs: undefined, announcedQuantity: undefined };
    return rest === null || state === 'proven' ? { ...nothing, ...IDLE } : firstReread();
  }
  const { rereadAtMs, announcedQuantity } = previous ?? {};
  const known = { rereadAtMs, announcedQuantity };
  if (state !== 'unexplained' || rest === null) return { ...known, ...IDLE };
  if (rereadAtMs === undefined) return firstReread();
  const isOther =
    previous?.unexplainedQuantity === undefined || compare(previous.unexplainedQuantity, rest) !== 0;
  // What came since the last look has not been read again yet.
  const since = { fromMs: previous?.observedAtMs ?? addedUpAtMs, toMs: observedToMs };
  const reread = isOther && since.fromMs < since.toMs ? since : undefined;
  if (isRereading && nowMs - rereadAtMs < REREAD_TAKES_AT_MOST_MS) {
    return { ...known, reread, isToBeAnnounced: false };
  }
  const isNew = announcedQuantity === undefined || (!isOther && compare(announcedQuantity, rest) !== 0);
  return { rereadAtMs, announcedQuantity: isNew ? rest : announcedQuantity, reread, isToBeAnnounced: isNew };

  function firstReread(): FollowUp {
    const range = { fromMs: addedUpAtMs, toMs: observedToMs };
    return { rereadAtMs: nowMs, announcedQuantity: undefined, reread: range, isToBeAnnounced: false };
  }
}

const IDLE = { reread: undefined, isToBeAnnounced: false } as const;
