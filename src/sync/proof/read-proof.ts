import type { Proof, ProofFilter } from '../../domain/proof-view.js';
import type { Queryable } from '../../storage/database.js';
import type { ProofRepository } from '../../storage/proof-repository.js';
import { assetProof } from './asset-proof.js';

/** The latest answer for each asset, and that of what is held without one nothing is known. */
export async function readProof(
  queryable: Queryable,
  proofs: Pick<ProofRepository, 'latest' | 'unjudged'>,
  filter: ProofFilter,
  nowMs: number,
): Promise<Proof> {
  const judged = (await proofs.latest(queryable, filter)).map((proof) => assetProof(proof, proof));
  const unjudged = (await proofs.unjudged(queryable, filter)).map(
    ({ asset, reported, observedAtMs, unreadWallets, ...account }) => {
      const nothing = undefined;
      return assetProof(account, {
        ...{ asset, state: 'unknown', reason: reasonOf(unreadWallets) },
        ...{ horizonMs: nothing, opening: nothing, openingSource: nothing, expected: nothing },
        ...{
          fills: nothing,
          fees: nothing,
          transfers: nothing,
          ledger: nothing,
          unexplainedQuantity: nothing,
        },
        ...{ reported, observedAtMs: observedAtMs ?? nowMs, checkedAtMs: nowMs },
        ...{ rereadAtMs: nothing, announcedQuantity: nothing },
      });
    },
  );
  return { assets: [...judged, ...unjudged].sort(byName) };
}

function reasonOf(unreadWallets: string | null): string {
  if (unreadWallets === null) return 'no history has been compared with the balances yet';
  return `${unreadWallets} has never been read completely; exchange-sync status says why`;
}

interface Named {
  readonly exchange: string;
  readonly account: string;
  readonly asset: string;
}

function byName(left: Named, right: Named): number {
  return nameOf(left) < nameOf(right) ? -1 : 1;
}

function nameOf({ exchange, account, asset }: Named): string {
  return `${exchange} ${account} ${asset}`;
}
