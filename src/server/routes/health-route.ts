import Type from 'typebox';
import type { Health, PartHealth } from '../../index.js';
import type { RouteContext } from '../register-routes.js';
import { errorResponses } from '../schemas/error-schema.js';
import { count } from '../schemas/view-properties.js';
import type { RouteScope } from '../type-provider.js';

const partSchema = Type.Object({ ok: Type.Literal(true), answeredInMs: count });

const healthSchema = Type.Object({
  ok: Type.Literal(true),
  state: Type.String(),
  worker: partSchema,
  database: partSchema,
});

interface Reason {
  readonly part: 'worker' | 'database';
  readonly code: string;
  readonly message: string;
}

export function healthRoute(
  scope: RouteScope,
  { synchronizer, options, lastGoodData, clock }: RouteContext,
): void {
  scope.get(
    '/healthz',
    {
      // Probes come every few seconds.
      logLevel: 'warn',
      schema: {
        summary: 'Whether the worker and the database answer now',
        tags: ['exchange-sync'],
        response: { 200: healthSchema, ...errorResponses },
      },
    },
    async (_request, reply) => {
      const { healthDeadlineMs: deadlineMs } = options;
      const health = await synchronizer.health(deadlineMs === undefined ? {} : { deadlineMs });
      const { worker, database } = health;
      const { state } = synchronizer;
      if (worker.ok && database?.ok) return { ok: true as const, state, worker, database };
      const reasons = reasonsOf(health);
      const [first] = reasons;
      return reply.code(503).send({
        code: first?.code ?? 'INTERNAL',
        message: reasons.map(({ message }) => message).join(' '),
        details: { state, reasons, worker, database, lastGoodData: lastGoodData.recall(clock.now()) },
      });
    },
  );
}

function reasonsOf({ worker, database }: Health): readonly Reason[] {
  const parts: readonly [Reason['part'], PartHealth | null][] = [
    ['worker', worker],
    ['database', database],
  ];
  return parts.flatMap(([part, health]) =>
    health === null || health.ok ? [] : [{ part, code: health.code, message: health.message }],
  );
}
