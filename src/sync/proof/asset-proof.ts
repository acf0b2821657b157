import type { AccountRef } from '../../domain/account.js';
import type { AssetProof } from '../../domain/proof-view.js';
import type { ProofRecord } from '../../storage/proof-repository.js';

/** An answer as the host sees it. */
export function assetProof({ exchange, account }: AccountRef, proof: ProofRecord): AssetProof {
  return {
    exchange,
    account,
    asset: proof.asset,
    state: proof.state,
    reason: proof.reason ?? null,
    horizon: proof.horizonMs === undefined ? null : iso(proof.horizonMs),
    opening: proof.opening ?? null,
    openingSource: proof.openingSource ?? null,
    fills: proof.fills ?? null,
    fees: proof.fees ?? null,
    transfers: proof.transfers ?? null,
    ledger: proof.ledger ?? null,
    expected: proof.expected ?? null,
    reported: proof.reported,
    unexplainedQuantity: proof.unexplainedQuantity ?? null,
    observedAt: iso(proof.observedAtMs),
    checkedAt: iso(proof.checkedAtMs),
  };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
