import type { CircuitStatus, SuspensionStatus } from '../../domain/views.js';
import type { GuardSnapshot } from './guard-state.js';

/** The guards' memory as readers get it. */
export function guardStatus(
  { circuits, suspensions }: GuardSnapshot,
  nowMs: number,
): { readonly circuits: readonly CircuitStatus[]; readonly suspensions: readonly SuspensionStatus[] } {
  return {
    circuits: Object.entries(circuits).map(([gateway, { untilMs, reason }]) => ({
      exchange: gateway,
      state: untilMs > nowMs ? 'open' : 'half-open',
      until: new Date(untilMs).toISOString(),
      reason,
    })),
    suspensions: Object.entries(suspensions).map(([key, { untilMs, reason }]) => {
      const [account = key, ...scope] = key.split(' ');
      const [exchange = '', name = ''] = account.split('/');
      return {
        exchange,
        account: name,
        scope: scope.length === 0 ? null : scope.join(' '),
        reason,
        until: new Date(untilMs).toISOString(),
      };
    }),
  };
}
