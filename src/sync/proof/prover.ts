import { type AccountRef, accountId } from '../../domain/account.js';
import type { AssetProof } from '../../domain/proof-view.js';
import type { ExchangeClients } from '../../exchange/exchange-client.js';
import { isZero } from '../../ledger/decimal.js';
import { historyReach, type MissingRange } from '../../ledger/horizon.js';
import type { FlowRepository } from '../../storage/flow-repository.js';
import type { BalanceObservation, ObservationRepository } from '../../storage/observation-repository.js';
import type { OpeningRepository } from '../../storage/opening-repository.js';
import type { ProofRecord, ProofRepository, StoredProof } from '../../storage/proof-repository.js';
import type { RereadRepository } from '../../storage/reread-repository.js';
import type { SyncRun } from '../data-sync.js';
import { assetProof } from './asset-proof.js';
import { judgeAccount } from './judge-account.js';
import { afterAnswer, beforeRequest } from './observation-margin.js';
import { type ProofLists, type ProofListsOptions, readProofLists } from './proof-lists.js';
import { isRecent, type ProofOutcome, proofOutcome, stays, unknownProof } from './proof-outcome.js';

/** A transfer may be on its way for so long before it is there. */
const TRANSFER_TAKES_MS = 7 * 24 * 60 * 60 * 1000;

export interface ProverOptions extends ProofListsOptions {
  readonly clients: Pick<ExchangeClients, 'account'>;
  readonly observations: Pick<ObservationRepository, 'list' | 'baseline' | 'makeBaseline' | 'forget'>;
  readonly openings: Pick<OpeningRepository, 'list' | 'put'>;
  readonly proofs: Pick<ProofRepository, 'latest' | 'lastProven' | 'record'>;
  readonly rereads: Pick<RereadRepository, 'list' | 'request'>;
  readonly flows: ProofListsOptions['flows'] &
    Pick<FlowRepository, 'windowSums' | 'everMoved' | 'assets' | 'pendingAssets' | 'sums'>;
  /** By `bybit/main`: when the account was opened. */
  readonly accountOpenings: Readonly<Record<string, number>>;
  readonly emitUnexplained: (proof: AssetProof) => void;
  readonly now: () => number;
}

interface WorkedOut extends ProofOutcome {
  /** Those before are needed no more; undefined: history has caught up with none. */
  readonly judged: BalanceObservation | undefined;
  /** Openings are inferred from the judged one from now on. */
  readonly isNewBaseline: boolean;
}

/**
 * Judges, under the account's lease, whether what flowed explains what is there, at the newest observation that
 * history has caught up with. It asks the exchange for nothing.
 */
export class Prover {
  readonly #options: ProverOptions;

  constructor(options: ProverOptions) {
    this.#options = options;
  }

  /** Rejects when the account's lists can't be known, or nothing can be read or written. */
  async prove(run: SyncRun): Promise<void> {
    const { clients, observations, openings, proofs, rereads } = this.#options;
    const { account, context } = run;
    const client = await clients.account(account, context);
    const lists = await readProofLists(this.#options, client);
    const outcome = await this.#workOut(account, lists);
    if (outcome === undefined) return;
    const { judged, isNewBaseline } = outcome;
    await run.commit(async (transaction) => {
      await openings.put(transaction, account, outcome.openings);
      await proofs.record(transaction, account, outcome.proofs);
      for (const { dataType, scope, ...range } of outcome.rereads) {
        await rereads.request(transaction, account, dataType, scope, range, 'proof');
      }
      if (judged === undefined) return;
      if (isNewBaseline) await observations.makeBaseline(transaction, account, judged.observedToMs);
      await observations.forget(transaction, account, judged.observedToMs);
    });
    for (const proof of outcome.announced) this.#announce(run, lists, proof);
  }

  async #workOut(account: AccountRef, lists: ProofLists): Promise<WorkedOut | undefined> {
    const { database, observations, proofs } = this.#options;
    if (lists.common.length === 0 && !lists.areBySymbol) return undefined;
    const waiting = await observations.list(database, account);
    const latest = new Map((await proofs.latest(database, account)).map((proof) => [proof.asset, proof]));
    const judged = waiting.findLast((observation) => missingOf(lists, observation) === undefined);
    const newest = waiting.at(-1);
    if (newest === undefined) return undefined;
    if (judged !== undefined && isRecent(judged.observedToMs, newest)) {
      return this.#judge(account, lists, judged, latest);
    }
    return this.#outOfReach(lists, newest, latest);
  }

  /** History has caught up with nothing recent: what was known stays for a while, and then nothing is known. */
  #outOfReach(
    lists: ProofLists,
    observation: BalanceObservation,
    latest: ReadonlyMap<string, StoredProof>,
  ): WorkedOut | undefined {
    const missing = missingOf(lists, observation);
    if (missing === undefined) return undefined;
    const nowMs = this.#options.now();
    const assets = new Set([...heldIn(observation), ...latest.keys()]);
    const proofs = [...assets].flatMap((asset) => {
      const previous = latest.get(asset);
      if (stays(previous, observation)) return [];
      const reported = observation.quantities.get(asset) ?? '0';
      return unknownProof({ asset, reported, missing }, { observation, previous, nowMs });
    });
    const nothing = { openings: [], rereads: [], announced: [] };
    return { proofs, ...nothing, judged: undefined, isNewBaseline: false };
  }

  async #judge(
    account: AccountRef,
    lists: ProofLists,
    observation: BalanceObservation,
    latest: ReadonlyMap<string, StoredProof>,
  ): Promise<WorkedOut> {
    const { database, observations, openings, flows, proofs, rereads, accountOpenings, now } = this.#options;
    const stored = await openings.list(database, account);
    const baseline = await observations.baseline(database, account);
    const near = { fromMs: beforeRequest(observation), toMs: afterAnswer(observation) };
    // What is held, what ever moved, and what was ever judged.
    const moved = await flows.everMoved(database, account);
    const assets = new Set([...heldIn(observation), ...moved, ...latest.keys()]);
    const known = new Set(stored.map(({ asset }) => asset));
    const hasNew = [...assets].some((asset) => !known.has(asset));
    const answers = await judgeAccount(
      {
        ...{ observation, baseline, lists, openedAtMs: accountOpenings[accountId(account)] },
        openings: new Map(stored.map((opening) => [opening.asset, opening])),
        assets: [...assets].sort(),
        flowedAtObservation: await flows.assets(database, account, near),
        unsureAtBaseline: hasNew ? await this.#unsureAt(account, baseline) : new Set(),
        pending: await flows.pendingAssets(database, account, near.toMs),
      },
      (windows) => flows.windowSums(database, account, windows),
    );
    const requested = await rereads.list(database, account);
    const outcome = proofOutcome(answers, {
      ...{ lists, observation, latest, nowMs: now() },
      lastProven: await proofs.lastProven(database, account),
      open: requested.filter(({ reason }) => reason === 'proof'),
    });
    const isNew = answers.some((answer) => answer.kind === 'judged' && answer.isNewHorizon);
    return { ...outcome, judged: observation, isNewBaseline: baseline === undefined || isNew };
  }

  /** Of these, that the observation does not name them says nothing: they may have been on their way. */
  async #unsureAt(
    account: AccountRef,
    observation: BalanceObservation | undefined,
  ): Promise<ReadonlySet<string>> {
    const { database, flows } = this.#options;
    if (observation === undefined) return new Set();
    const near = { fromMs: beforeRequest(observation), toMs: afterAnswer(observation) };
    const before = { fromMs: near.fromMs - TRANSFER_TAKES_MS, toMs: near.fromMs };
    const sums = await flows.sums(database, account, before);
    const transferred = sums.filter(({ transfers }) => !isZero(transfers)).map(({ asset }) => asset);
    return new Set([...(await flows.assets(database, account, near)), ...transferred]);
  }

  #announce({ account, logger }: SyncRun, { areBySymbol }: ProofLists, proof: ProofRecord): void {
    const { asset, unexplainedQuantity, horizonMs = 0 } = proof;
    const command = areBySymbol
      ? `\`exchange-sync backfill ${accountId(account)} --all-symbols\` reads every market once`
      : `\`exchange-sync coverage\` says what is not read`;
    logger.warning('An asset does not add up, also after its history was read again', {
      ...{ asset, unexplainedQuantity, since: new Date(horizonMs).toISOString() },
      remedy: `${command}. If nothing is missing, it moved where the exchange shows no history, e.g. in a wallet that is not mirrored.`,
    });
    this.#options.emitUnexplained(assetProof(account, proof));
  }
}

/** What is missing of the lists that count for every asset, up to the observation. */
function missingOf(lists: ProofLists, observation: BalanceObservation): MissingRange | undefined {
  const reach = historyReach({
    lists: lists.common.map(({ history }) => history),
    untilMs: afterAnswer(observation),
    openedAtMs: undefined,
    storedHorizonMs: undefined,
  });
  return reach.kind === 'missing' ? reach.missing : undefined;
}

/** Exchanges also list coins that nobody ever had. */
function heldIn({ quantities }: BalanceObservation): readonly string[] {
  return [...quantities].filter(([, quantity]) => !isZero(quantity)).map(([asset]) => asset);
}
