import type { ReadContext } from '../../exchange-client.js';
import type { ExchangeSession } from '../../exchange-session.js';
import type { KeyOwner } from '../../profiles/history-scopes.js';
import { badResponse, isDictionary } from '../answer.js';

/** What the exchange says of the key: whose it is. */
export class KeyOwners {
  readonly #session: ExchangeSession;
  readonly #known = new Map<string, string>();

  constructor({ session }: { readonly session: ExchangeSession }) {
    this.#session = session;
  }

  /** Rejects with EXCHANGE_BAD_RESPONSE where the exchange does not say it. */
  async idOf({ method, path }: KeyOwner, scope: string, context: ReadContext): Promise<string> {
    const fact = [method, ...path].join(' ');
    const known = this.#known.get(fact);
    if (known !== undefined) return known;
    const answer = await this.#session.call({ context, scope, method }, async (ccxt) =>
      (ccxt[method] as () => Promise<unknown>).call(ccxt),
    );
    const id = path.reduce<unknown>((at, name) => (isDictionary(at) ? at[name] : undefined), answer);
    if (typeof id !== 'string' && typeof id !== 'number' && typeof id !== 'boolean') {
      throw badResponse({ exchange: this.#session.exchange, scope, method }, 'does not say whose key it is');
    }
    this.#known.set(fact, String(id));
    return String(id);
  }
}
