import type { DecimalString } from '../../domain/decimal-string.js';
import { planSums, type SumsPlan } from '../../ledger/carried-sums.js';
import { isZero } from '../../ledger/decimal.js';
import { type HistoryReach, historyReach, type MissingRange } from '../../ledger/horizon.js';
import { type FlowSums, type Judgement, judgeAsset } from '../../ledger/proof.js';
import type { FlowRepository, FlowWindow } from '../../storage/flow-repository.js';
import type { BalanceObservation } from '../../storage/observation-repository.js';
import type { OpeningRecord } from '../../storage/opening-repository.js';
import { afterAnswer, beforeRequest } from './observation-margin.js';
import type { ProofLists } from './proof-lists.js';

/** What was worked out of one asset. */
export type AssetAnswer =
  | {
      readonly kind: 'missing';
      readonly asset: string;
      readonly reported: DecimalString;
      readonly missing: MissingRange;
    }
  | {
      readonly kind: 'judged';
      readonly asset: string;
      readonly reported: DecimalString;
      readonly judgement: Judgement;
      readonly flows: FlowSums;
      readonly opening: OpeningRecord;
      /** The opening can be relied upon from now on. */
      readonly isOpeningKnown: boolean;
      /** History has a new hole: what was known before it can't be carried on. */
      readonly isNewHorizon: boolean;
    };

export interface AccountFacts {
  readonly observation: BalanceObservation;
  /** The observation that openings were first inferred from. */
  readonly baseline: BalanceObservation | undefined;
  readonly lists: ProofLists;
  readonly openings: ReadonlyMap<string, OpeningRecord>;
  readonly openedAtMs: number | undefined;
  /** Every asset that may be held, or was. */
  readonly assets: readonly string[];
  /** Of these something flowed while the wallets were read. */
  readonly flowedAtObservation: ReadonlySet<string>;
  /** Of these, that the baseline does not name them says nothing. */
  readonly unsureAtBaseline: ReadonlySet<string>;
  /** Of these a transfer is not final. */
  readonly pending: ReadonlySet<string>;
}

type Known = Extract<HistoryReach, { kind: 'known' }>;

interface Target {
  readonly asset: string;
  readonly reported: DecimalString;
  readonly reach: Known;
  readonly plan: SumsPlan;
  readonly anchor: { readonly atMs: number; readonly quantity: DecimalString } | undefined;
  /** The opening is inferred from this very observation. */
  readonly isInferredNow: boolean;
}

export type ReadSums = (windows: readonly FlowWindow[]) => ReturnType<FlowRepository['windowSums']>;

/** Judges every asset of an account at one observation. */
export async function judgeAccount(facts: AccountFacts, readSums: ReadSums): Promise<readonly AssetAnswer[]> {
  const answers: AssetAnswer[] = [];
  const targets: Target[] = [];
  for (const asset of facts.assets) {
    const reported = facts.observation.quantities.get(asset) ?? '0';
    const stored = facts.openings.get(asset);
    const reach = historyReach({
      lists: facts.lists.of(asset).map(({ history }) => history),
      untilMs: afterAnswer(facts.observation),
      openedAtMs: facts.openedAtMs,
      storedHorizonMs: stored?.horizonMs,
    });
    if (reach.kind === 'missing') answers.push({ ...reach, asset, reported });
    else targets.push(target(facts, { asset, reported, reach, stored }));
  }
  const windows = targets.flatMap(({ asset, plan }) => plan.windows.map((window) => ({ ...window, asset })));
  const sums = [...(await readSums(windows))];
  for (const each of targets) {
    const { opening, flows } = each.plan.combine(sums.splice(0, each.plan.windows.length));
    answers.push(answer(facts, each, opening, flows));
  }
  return answers;
}

function target(
  { observation, baseline, unsureAtBaseline }: AccountFacts,
  {
    asset,
    reported,
    reach,
    stored,
  }: { asset: string; reported: DecimalString; reach: Known; stored: OpeningRecord | undefined },
): Target {
  const toMs = beforeRequest(observation);
  const horizonMs = Math.min(reach.horizonMs, toMs);
  const anchor = reach.isOpening
    ? undefined
    : (carriedAnchor() ?? baselineAnchor() ?? { atMs: toMs, quantity: reported });
  const carried = reach.isNew || stored === undefined ? undefined : { ...stored, opening: stored.quantity };
  const plan = planSums(
    { horizonMs, anchor, toMs },
    carried && { ...carried, anchor: anchorOf(carried), flows: carried },
  );
  const isInferredNow = anchor !== undefined && anchor.atMs === toMs && carriedAnchor()?.atMs !== toMs;
  return { asset, reported, reach: { ...reach, horizonMs }, plan, anchor, isInferredNow };

  function carriedAnchor() {
    const known = stored === undefined || reach.isNew ? undefined : anchorOf(stored);
    return known !== undefined && known.atMs >= horizonMs ? known : undefined;
  }

  /** What a complete observation does not name was not there, unless it was on its way. */
  function baselineAnchor() {
    if (stored !== undefined || baseline === undefined) return undefined;
    const atMs = beforeRequest(baseline);
    const isThere = !isZero(baseline.quantities.get(asset) ?? '0');
    if (isThere || atMs < horizonMs || atMs > toMs || unsureAtBaseline.has(asset)) return undefined;
    return { atMs, quantity: '0' };
  }
}

function anchorOf({ anchoredAtMs, anchorQuantity }: OpeningRecord) {
  if (anchoredAtMs === undefined || anchorQuantity === undefined) return undefined;
  return { atMs: anchoredAtMs, quantity: anchorQuantity };
}

function answer(
  { observation, flowedAtObservation, pending }: AccountFacts,
  { asset, reported, reach, anchor, isInferredNow }: Target,
  quantity: DecimalString,
  flows: FlowSums,
): AssetAnswer {
  const flowsAtObservation = flowedAtObservation.has(asset);
  const pendingTransfers = pending.has(asset);
  const doubt = reach.doubt === undefined ? undefined : reasonOf(reach.doubt);
  const facts = {
    opening: quantity,
    isInferredNow,
    flows,
    reported,
    flowsAtObservation,
    pendingTransfers,
    doubt,
  };
  const judgement = judgeAsset(facts);
  return {
    kind: 'judged',
    asset,
    reported,
    judgement,
    flows,
    opening: {
      asset,
      horizonMs: reach.horizonMs,
      quantity,
      source: anchor === undefined ? 'account-opened' : 'inferred',
      anchoredAtMs: anchor?.atMs,
      anchorQuantity: anchor?.quantity,
      summedToMs: beforeRequest(observation),
      ...flows,
    },
    // One that is inferred from what is doubtful would explain anything.
    isOpeningKnown: !isInferredNow || judgement.state === 'proven',
    isNewHorizon: reach.isNew,
  };
}

/** Why nothing can be said, as a person reads it. */
export function reasonOf({ name, fromMs, toMs }: MissingRange): string {
  return `${name} is not read from ${new Date(fromMs).toISOString()} to ${new Date(toMs).toISOString()}`;
}
