import Type from 'typebox';
import type { RouteContext } from '../register-routes.js';
import { requireRunning } from '../require-running.js';
import { errorResponses } from '../schemas/error-schema.js';
import { accountQuery } from '../schemas/query-properties.js';
import { portfolioSchema } from '../schemas/view-schemas.js';
import type { RouteScope } from '../type-provider.js';

export function portfolioRoute(scope: RouteScope, { synchronizer }: RouteContext): void {
  scope.get(
    '/portfolio',
    {
      schema: {
        summary: 'What the accounts hold, and what the part of it that has a price is worth',
        tags: ['exchange-sync'],
        querystring: Type.Object(accountQuery, { additionalProperties: false }),
        response: { 200: portfolioSchema, ...errorResponses },
      },
    },
    async ({ query }) => {
      await requireRunning(synchronizer);
      return await synchronizer.portfolio(query);
    },
  );
}
