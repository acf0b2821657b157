import Type from 'typebox';
import type { AssetProof, Coverage, CoverageRange, LostRange, Proof, ScopeCoverage } from '../../index.js';
import {
  count,
  decimal,
  decimalOrNull,
  stringOrNull,
  time,
  timeOrNull,
  type ViewProperties,
} from './view-properties.js';

const account = { exchange: Type.String(), account: Type.String() };

const range = { from: time, to: time } satisfies ViewProperties<CoverageRange>;
const ranges = Type.Array(Type.Object(range));

const lostRangeSchema = Type.Object({
  ...range,
  reason: Type.String(),
} satisfies ViewProperties<LostRange>);

const scopeCoverageSchema = Type.Object({
  ...account,
  dataType: Type.String(),
  scope: Type.String(),
  provenShare: decimal,
  ...range,
  complete: ranges,
  gaps: ranges,
  lost: Type.Array(lostRangeSchema),
  rereads: ranges,
  setAside: count,
  nextLossAt: timeOrNull,
} satisfies ViewProperties<ScopeCoverage>);

export const coverageSchema = Type.Object({
  scopes: Type.Array(scopeCoverageSchema),
} satisfies ViewProperties<Coverage>);

const assetProofSchema = Type.Object({
  ...account,
  asset: Type.String(),
  state: Type.String(),
  reason: stringOrNull,
  horizon: timeOrNull,
  opening: decimalOrNull,
  openingSource: stringOrNull,
  fills: decimalOrNull,
  fees: decimalOrNull,
  transfers: decimalOrNull,
  ledger: decimalOrNull,
  expected: decimalOrNull,
  reported: decimal,
  unexplainedQuantity: decimalOrNull,
  observedAt: time,
  checkedAt: time,
} satisfies ViewProperties<AssetProof>);

export const proofSchema = Type.Object({
  assets: Type.Array(assetProofSchema),
} satisfies ViewProperties<Proof>);
