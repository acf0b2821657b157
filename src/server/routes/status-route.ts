import type { RouteContext } from '../register-routes.js';
import { requireRunning } from '../require-running.js';
import { errorResponses } from '../schemas/error-schema.js';
import { statusSchema } from '../schemas/view-schemas.js';
import type { RouteScope } from '../type-provider.js';

export function statusRoute(scope: RouteScope, { synchronizer, lastGoodData }: RouteContext): void {
  scope.get(
    '/status',
    {
      schema: {
        summary: 'How fresh each account and data type is, what is wrong, what comes next',
        tags: ['exchange-sync'],
        response: { 200: statusSchema, ...errorResponses },
      },
    },
    async () => {
      await requireRunning(synchronizer);
      const status = await synchronizer.status();
      lastGoodData.noteStatus(status);
      return status;
    },
  );
}
