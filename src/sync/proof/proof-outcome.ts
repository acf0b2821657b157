import type { BalanceObservation } from '../../storage/observation-repository.js';
import type { OpeningRecord } from '../../storage/opening-repository.js';
import type { ProofRecord, StoredProof } from '../../storage/proof-repository.js';
import type { RequestedReread } from '../../storage/reread-repository.js';
import { followUp } from './follow-up.js';
import { type AssetAnswer, reasonOf } from './judge-account.js';
import { afterAnswer } from './observation-margin.js';
import type { ProofList, ProofLists } from './proof-lists.js';

/**
 * History is behind the balances, by a day where it is synced once a day. An answer is not given up for that, unless
 * it is so old.
 */
const STAYS_FOR_MS = 2 * 24 * 60 * 60 * 1000;

/** What is to be read once more of one list, because an asset does not add up. */
export interface ProofReread extends Pick<ProofList, 'dataType' | 'scope'> {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is written of an account, in one transaction, and told afterwards. */
export interface ProofOutcome {
  readonly proofs: readonly ProofRecord[];
  readonly openings: readonly OpeningRecord[];
  readonly rereads: readonly ProofReread[];
  readonly announced: readonly ProofRecord[];
}

export interface OutcomeFacts {
  readonly lists: ProofLists;
  readonly observation: BalanceObservation;
  readonly latest: ReadonlyMap<string, StoredProof>;
  /** By asset: when it last added up. */
  readonly lastProven: ReadonlyMap<string, number>;
  /** What was asked to be read again and has not been. */
  readonly open: readonly RequestedReread[];
  readonly nowMs: number;
}

type Judged = Extract<AssetAnswer, { kind: 'judged' }>;
type Missing = Extract<AssetAnswer, { kind: 'missing' }>;

export function proofOutcome(answers: readonly AssetAnswer[], facts: OutcomeFacts): ProofOutcome {
  const { lists, observation, latest, nowMs } = facts;
  const outcome = {
    proofs: [] as ProofRecord[],
    openings: [] as OpeningRecord[],
    announced: [] as ProofRecord[],
  };
  const rereads = new Map<string, ProofReread>();
  for (const answer of answers) {
    const previous = latest.get(answer.asset);
    if (answer.kind === 'missing') {
      // Where only the newest is missing, what was known a while ago is still known.
      const isBehind = answer.missing.toMs === afterAnswer(observation) && stays(previous, observation);
      if (!isBehind) outcome.proofs.push(unknownProof(answer, { observation, previous, nowMs }));
      continue;
    }
    const { proof, reread, isToBeAnnounced } = judgedProof(answer, facts, previous);
    outcome.proofs.push(proof);
    if (answer.isOpeningKnown) outcome.openings.push(answer.opening);
    if (isToBeAnnounced) outcome.announced.push(proof);
    if (reread === undefined) continue;
    for (const { dataType, scope, lateMs, history } of lists.of(answer.asset)) {
      // A row that came late may be older than the moment at which the asset still added up.
      const fromMs = Math.max(reread.fromMs - lateMs, answer.opening.horizonMs, history.servedFromMs);
      if (fromMs >= reread.toMs) continue;
      const key = `${dataType} ${scope}`;
      const earliestMs = Math.min(rereads.get(key)?.fromMs ?? fromMs, fromMs);
      rereads.set(key, { dataType, scope, fromMs: earliestMs, toMs: reread.toMs });
    }
  }
  return { ...outcome, rereads: [...rereads.values()] };
}

function judgedProof(
  { asset, reported, judgement, opening, flows }: Judged,
  { lists, observation, lastProven, open, nowMs }: OutcomeFacts,
  previous: StoredProof | undefined,
) {
  const counting = lists.of(asset);
  const isRereading = open.some((range) => {
    return counting.some(({ dataType, scope }) => range.dataType === dataType && range.scope === scope);
  });
  const { rereadAtMs, announcedQuantity, ...next } = followUp({
    ...judgement,
    ...{ previous, isRereading, nowMs, observedToMs: observation.observedToMs },
    addedUpAtMs: Math.max(opening.horizonMs, lastProven.get(asset) ?? opening.horizonMs),
  });
  const { state, reason, expected, unexplainedQuantity } = judgement;
  const { fills, fees, transfers, ledger } = flows;
  const proof: ProofRecord = {
    ...{ asset, state, reason: reason ?? undefined },
    ...{ horizonMs: opening.horizonMs, opening: opening.quantity, openingSource: opening.source },
    ...{ fills, fees, transfers, ledger, expected, reported },
    unexplainedQuantity: unexplainedQuantity ?? undefined,
    ...{ observedAtMs: observation.observedToMs, checkedAtMs: nowMs, rereadAtMs, announcedQuantity },
  };
  return { proof, ...next };
}

export function unknownProof(
  { asset, reported, missing }: Pick<Missing, 'asset' | 'reported' | 'missing'>,
  {
    observation,
    previous,
    nowMs,
  }: { observation: BalanceObservation; previous: StoredProof | undefined; nowMs: number },
): ProofRecord {
  const carried = previous?.state === 'proven' ? undefined : previous;
  const nothing = undefined;
  return {
    ...{ asset, reported, state: 'unknown', reason: reasonOf(missing) },
    ...{ horizonMs: nothing, opening: nothing, openingSource: nothing, expected: nothing },
    ...{ fills: nothing, fees: nothing, transfers: nothing, ledger: nothing, unexplainedQuantity: nothing },
    ...{ observedAtMs: observation.observedToMs, checkedAtMs: nowMs },
    ...{ rereadAtMs: carried?.rereadAtMs, announcedQuantity: carried?.announcedQuantity },
  };
}

/** Whether an earlier answer is still worth more than that the newest history is missing. */
export function stays(proof: StoredProof | undefined, newest: BalanceObservation): boolean {
  return proof !== undefined && proof.state !== 'unknown' && isRecent(proof.observedAtMs, newest);
}

export function isRecent(atMs: number, { observedToMs }: BalanceObservation): boolean {
  return observedToMs - atMs < STAYS_FOR_MS;
}
