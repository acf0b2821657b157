import Type from 'typebox';
import { DataType, type SyncedDataType, type SyncOutcome } from '../../index.js';
import type { RouteContext } from '../register-routes.js';
import { requireRunning } from '../require-running.js';
import { errorResponses } from '../schemas/error-schema.js';
import { accountQuery } from '../schemas/query-properties.js';
import { historySchema } from '../schemas/view-schemas.js';
import type { RouteScope } from '../type-provider.js';

const SYNCED: readonly SyncedDataType[] = Object.values(DataType).filter((type) => type !== DataType.ALL);
const OUTCOMES: readonly SyncOutcome[] = ['ok', 'partial', 'failed', 'skipped'];

const querySchema = Type.Object(
  {
    ...accountQuery,
    dataType: Type.Optional(Type.Unsafe<SyncedDataType>({ type: 'string', enum: SYNCED })),
    status: Type.Optional(Type.Unsafe<SyncOutcome>({ type: 'string', enum: OUTCOMES })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '50 by default.' })),
  },
  { additionalProperties: false },
);

export function historyRoute(scope: RouteScope, { synchronizer }: RouteContext): void {
  scope.get(
    '/history',
    {
      schema: {
        summary: 'Past syncs, newest first',
        tags: ['exchange-sync'],
        querystring: querySchema,
        response: { 200: historySchema, ...errorResponses },
      },
    },
    async ({ query }) => {
      await requireRunning(synchronizer);
      return { entries: await synchronizer.history(query) };
    },
  );
}
