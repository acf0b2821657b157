import type { CircuitStatus, LimitStatus, SuspensionStatus } from '../../domain/synchronizer-status.js';
import type { GuardSnapshot } from './guard-state.js';

export interface GuardStatus {
  readonly circuits: readonly CircuitStatus[];
  readonly limits: readonly LimitStatus[];
  readonly suspensions: readonly SuspensionStatus[];
}

/** The guards' memory as readers get it. */
export function guardStatus({ circuits, limits, suspensions }: GuardSnapshot, nowMs: number): GuardStatus {
  return {
    circuits: Object.entries(circuits).map(([gateway, { untilMs, reason }]) => ({
      exchange: gateway,
      state: untilMs > nowMs ? 'open' : 'half-open',
      until: new Date(untilMs).toISOString(),
      reason,
    })),
    limits: Object.entries(limits)
      .filter(([, { untilMs }]) => untilMs > nowMs)
      .map(([name, { code, untilMs, reason }]) => {
        const [exchange = '', key] = name.split(' ');
        const appliesTo = key === undefined ? 'address' : 'key';
        return { exchange, appliesTo, code, reason, until: new Date(untilMs).toISOString() };
      }),
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
