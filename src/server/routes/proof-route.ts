import Type from 'typebox';
import type { RouteContext } from '../register-routes.js';
import { requireRunning } from '../require-running.js';
import { errorResponses } from '../schemas/error-schema.js';
import { proofSchema } from '../schemas/history-view-schemas.js';
import { accountQuery } from '../schemas/query-properties.js';
import type { RouteScope } from '../type-provider.js';

export function proofRoute(scope: RouteScope, { synchronizer }: RouteContext): void {
  scope.get(
    '/proof',
    {
      schema: {
        summary: 'Whether what flowed explains what is there, asset by asset',
        tags: ['exchange-sync'],
        querystring: Type.Object(accountQuery, { additionalProperties: false }),
        response: { 200: proofSchema, ...errorResponses },
      },
    },
    async ({ query }) => {
      await requireRunning(synchronizer);
      return await synchronizer.proof(query);
    },
  );
}
