import type { CcxtExchange } from '../../exchange-session.js';
import type { LedgerLeg } from '../../profiles/history-scopes.js';
import type { Dictionary } from '../answer.js';
import { currencyCode } from '../holding.js';

/** A unified ledger row for each currency that the exchange's row moved; `leg` in its `info` says which it is. */
export function legRows(ccxt: CcxtExchange, info: Dictionary, legs: readonly LedgerLeg[]): Dictionary[] {
  return legs.map(({ name, currency, currencyField, amountField, isPaid }) => ({
    info: { ...info, leg: name },
    currency: currencyField === undefined ? currency : currencyCode(ccxt, info[currencyField]),
    amount: info[amountField],
    direction: isPaid ? 'out' : 'in',
  }));
}
