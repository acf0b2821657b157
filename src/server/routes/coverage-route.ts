import Type from 'typebox';
import type { HistoryDataType } from '../../index.js';
import type { RouteContext } from '../register-routes.js';
import { requireRunning } from '../require-running.js';
import { errorResponses } from '../schemas/error-schema.js';
import { coverageSchema } from '../schemas/history-view-schemas.js';
import { accountQuery } from '../schemas/query-properties.js';
import type { RouteScope } from '../type-provider.js';

const HISTORIES: readonly HistoryDataType[] = ['transfers', 'ledger', 'trades'];

const querySchema = Type.Object(
  {
    ...accountQuery,
    dataType: Type.Optional(Type.Unsafe<HistoryDataType>({ type: 'string', enum: HISTORIES })),
  },
  { additionalProperties: false },
);

export function coverageRoute(scope: RouteScope, { synchronizer }: RouteContext): void {
  scope.get(
    '/coverage',
    {
      schema: {
        summary: 'Which time ranges of fills, transfers and ledger are known, missing and lost',
        tags: ['exchange-sync'],
        querystring: querySchema,
        response: { 200: coverageSchema, ...errorResponses },
      },
    },
    async ({ query }) => {
      await requireRunning(synchronizer);
      return await synchronizer.coverage(query);
    },
  );
}
