import type { HistoryScope } from '../../exchange-client.js';
import type {
  LedgerScopeProfile,
  TradeScopeProfile,
  TransferScopeProfile,
} from '../../profiles/history-scopes.js';
import type { ExchangeProfile } from '../../profiles/profile.js';

type HistoryList = TradeScopeProfile | TransferScopeProfile | LedgerScopeProfile;

/** What is to be known of a list to plan its reading. */
export function historyScope(scope: HistoryList, profile: ExchangeProfile): HistoryScope {
  const { id, needsSymbol = false, retentionMs, servedFromMs, lateMs } = scope;
  return {
    id,
    needsSymbol,
    ...(retentionMs !== undefined && { retentionMs }),
    servedFromMs,
    settleLagMs: scope.settleLagMs ?? profile.settleLagMs,
    lateMs,
    ...(countsNothing(scope, profile) && { countsNothing: true }),
  };
}

function countsNothing(scope: HistoryList, { flowsArePartial, balances }: ExchangeProfile): boolean {
  if (flowsArePartial === true) return true;
  if ('flow' in scope) return scope.flow === 'none';
  if (!('statuses' in scope)) return false;
  const { counts, from, to } = scope;
  const isMirrored = (name: string | undefined) => balances.some(({ wallet }) => wallet === name);
  return counts === false || (isMirrored(from?.wallet) && isMirrored(to?.wallet));
}
