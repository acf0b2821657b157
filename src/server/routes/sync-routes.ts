import Type from 'typebox';
import { DataType, type ExchangeDataSynchronizer, ExchangeSyncError } from '../../index.js';
import { AcceptedSyncs } from '../accepted-syncs.js';
import { PartUnavailable } from '../part-unavailable.js';
import type { RouteContext } from '../register-routes.js';
import { errorResponses, errorSchema } from '../schemas/error-schema.js';
import { name } from '../schemas/query-properties.js';
import { plannedSyncSchema, reportSchema } from '../schemas/report-schema.js';
import { time } from '../schemas/view-properties.js';
import type { RouteScope } from '../type-provider.js';

const BODY_LIMIT_BYTES = 16 * 1024;

const bodySchema = Type.Object(
  {
    exchange: name,
    account: Type.Optional(name),
    dataType: Type.Optional(
      Type.Unsafe<DataType>({ type: 'string', enum: Object.values(DataType), default: DataType.ALL }),
    ),
  },
  { additionalProperties: false },
);

const reportsSchema = Type.Object({ reports: Type.Array(reportSchema) });

const acceptedSchema = Type.Object({
  id: Type.String(),
  acceptedAt: time,
  state: Type.String({ description: '`running`, `finished` or `failed`.' }),
  syncs: Type.Array(plannedSyncSchema),
  reports: Type.Optional(Type.Array(reportSchema)),
  error: Type.Optional(errorSchema),
});

export function syncRoutes(scope: RouteScope, { synchronizer, options }: RouteContext): void {
  const accepted = new AcceptedSyncs();
  scope.post(
    '/sync',
    {
      bodyLimit: BODY_LIMIT_BYTES,
      schema: {
        summary: 'Sync one exchange or account now',
        tags: ['exchange-sync'],
        body: bodySchema,
        querystring: Type.Object(
          { wait: Type.Optional(Type.Boolean({ description: 'Answer with the reports.' })) },
          { additionalProperties: false },
        ),
        response: { 200: reportsSchema, 202: acceptedSchema, ...errorResponses },
      },
    },
    async ({ body, query, log }, reply) => {
      const { exchange, account, dataType = DataType.ALL } = body;
      const target = account === undefined ? exchange : `${exchange}/${account}`;
      await requireHealth(synchronizer, options.healthDeadlineMs);
      const syncs = await synchronizer.plan(target, dataType);
      const reports = synchronizer.triggerSync(target, dataType);
      if (query.wait) return { reports: await reports };
      const sync = accepted.accept(syncs, reports, (error) =>
        log.error({ err: error, target, dataType }, 'A sync that was accepted was not done'),
      );
      return reply.code(202).header('location', `${scope.prefix}/sync/${sync.id}`).send(sync);
    },
  );
  scope.get(
    '/sync/:id',
    {
      schema: {
        summary: 'What became of a sync that was accepted',
        tags: ['exchange-sync'],
        params: Type.Object({ id: Type.String() }),
        response: { 200: acceptedSchema, ...errorResponses },
      },
    },
    async ({ params }) => {
      const sync = accepted.find(params.id);
      if (sync) return sync;
      throw new ExchangeSyncError(
        'NOT_FOUND',
        `There is no sync ${params.id}, or it is long ago, or from before a restart: see the history.`,
      );
    },
  );
}

/** Without worker or database nothing would come of it, and an exchange is not asked in vain. */
async function requireHealth(
  synchronizer: ExchangeDataSynchronizer,
  deadlineMs: number | undefined,
): Promise<void> {
  const { worker, database } = await synchronizer.health(deadlineMs === undefined ? {} : { deadlineMs });
  for (const part of [worker, database]) {
    if (part && !part.ok) throw new PartUnavailable(part);
  }
}
