import Type from 'typebox';
import type {
  CircuitStatus,
  DataTypeStatus,
  HistoryEntry,
  LimitStatus,
  Portfolio,
  PortfolioItem,
  PortfolioValue,
  ScopeStatus,
  SuspensionStatus,
  SynchronizerStatus,
} from '../../index.js';
import {
  count,
  countOrNull,
  decimal,
  decimalOrNull,
  stringOrNull,
  time,
  timeOrNull,
  type ViewProperties,
} from './view-properties.js';

const account = { exchange: Type.String(), account: Type.String() };

const portfolioItemSchema = Type.Object({
  ...account,
  asset: Type.String(),
  quantity: decimal,
  currentPrice: decimalOrNull,
  quoteCurrency: Type.String(),
  priceSource: stringOrNull,
  pricedAt: timeOrNull,
  value: decimalOrNull,
  avgEntryPrice: decimalOrNull,
  basisKnownQuantity: decimalOrNull,
  basisUnknownQuantity: decimalOrNull,
  basisNote: stringOrNull,
  unrealizedPnl: decimalOrNull,
  realizedPnl: decimalOrNull,
  observedFrom: time,
  observedTo: time,
} satisfies ViewProperties<PortfolioItem>);

const portfolioValueSchema = Type.Object({
  quoteCurrency: Type.String(),
  value: decimal,
  pricedAssets: count,
  unpricedAssets: count,
  pricedShare: decimalOrNull,
  oldestObservation: timeOrNull,
  staleAccounts: Type.Array(Type.String()),
  unrealizedPnl: decimalOrNull,
  holdingsUnrealizedPnl: decimalOrNull,
  realizedPnl: decimalOrNull,
} satisfies ViewProperties<PortfolioValue>);

export const portfolioSchema = Type.Object({
  items: Type.Array(portfolioItemSchema),
  values: Type.Array(portfolioValueSchema),
} satisfies ViewProperties<Portfolio>);

const historyEntrySchema = Type.Object({
  ...account,
  id: Type.String(),
  runId: Type.String(),
  dataType: Type.String(),
  status: Type.String(),
  itemsProcessed: count,
  itemsSynced: count,
  startedAt: time,
  finishedAt: time,
  requests: countOrNull,
  errorCode: stringOrNull,
  errorMessage: stringOrNull,
} satisfies ViewProperties<HistoryEntry>);

export const historySchema = Type.Object({ entries: Type.Array(historyEntrySchema) });

const scopeStatusSchema = Type.Object({
  scope: Type.String(),
  lastCompleteAt: timeOrNull,
  lastAttemptAt: timeOrNull,
  errorCode: stringOrNull,
  nextLossAt: timeOrNull,
} satisfies ViewProperties<ScopeStatus>);

const dataTypeStatusSchema = Type.Object({
  ...account,
  dataType: Type.String(),
  status: stringOrNull,
  running: Type.Boolean(),
  lastSync: timeOrNull,
  lastSuccess: timeOrNull,
  nextSync: timeOrNull,
  errorCode: stringOrNull,
  errorMessage: stringOrNull,
  scopes: Type.Array(scopeStatusSchema),
} satisfies ViewProperties<DataTypeStatus>);

const circuitSchema = Type.Object({
  exchange: Type.String(),
  state: Type.String(),
  until: time,
  reason: Type.String(),
} satisfies ViewProperties<CircuitStatus>);

const limitSchema = Type.Object({
  exchange: Type.String(),
  appliesTo: Type.String(),
  code: Type.String(),
  reason: Type.String(),
  until: time,
} satisfies ViewProperties<LimitStatus>);

const suspensionSchema = Type.Object({
  ...account,
  scope: stringOrNull,
  reason: Type.String(),
  until: time,
} satisfies ViewProperties<SuspensionStatus>);

export const statusSchema = Type.Object({
  scheduled: Type.Boolean(),
  dataTypes: Type.Array(dataTypeStatusSchema),
  circuits: Type.Array(circuitSchema),
  limits: Type.Array(limitSchema),
  suspensions: Type.Array(suspensionSchema),
  refusedWrites: count,
} satisfies ViewProperties<SynchronizerStatus>);
