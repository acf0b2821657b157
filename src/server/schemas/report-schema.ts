import Type from 'typebox';
import type { PlannedSync, ReportedError, SyncReport } from '../../index.js';
import { count, time, type ViewProperties } from './view-properties.js';

export const plannedSyncSchema = Type.Object({
  exchange: Type.String(),
  account: Type.String({ description: '`*`: the exchange as a whole.' }),
  dataType: Type.String(),
} satisfies ViewProperties<PlannedSync>);

const reportedErrorSchema = Type.Object({
  code: Type.String(),
  message: Type.String(),
  scope: Type.Optional(Type.String()),
} satisfies ViewProperties<ReportedError>);

export const reportSchema = Type.Object({
  runId: Type.String(),
  exchange: Type.String(),
  account: Type.String(),
  dataType: Type.String(),
  status: Type.String(),
  itemsProcessed: count,
  itemsSynced: count,
  startedAt: time,
  finishedAt: time,
  requests: count,
  errors: Type.Array(reportedErrorSchema),
} satisfies ViewProperties<SyncReport>);
