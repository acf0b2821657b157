import type { HistoryScope } from '../../exchange-client.js';
import type { HistoryScopeProfile } from '../../profiles/history-scopes.js';
import type { ExchangeProfile } from '../../profiles/profile.js';

/** What is to be known of a list to plan its reading. */
export function historyScope(scope: HistoryScopeProfile, profile: ExchangeProfile): HistoryScope {
  const { id, needsSymbol = false, retentionMs, servedFromMs, lateMs } = scope;
  return {
    id,
    needsSymbol,
    ...(retentionMs !== undefined && { retentionMs }),
    servedFromMs,
    settleLagMs: scope.settleLagMs ?? profile.settleLagMs,
    lateMs,
    ...('flow' in scope && scope.flow === 'none' && { countsNothing: true }),
  };
}
