import type { Reply } from './reply.js';
import type { UpstreamRequest } from './upstream-request.js';

/** Which requests a fault is for; what is left out matches everything. */
export interface FaultMatch {
  readonly exchange?: string;
  /** The account whose key signs the request. */
  readonly account?: string;
  readonly method?: string;
  /** A part of the path, e.g. `/v5/account/wallet-balance` or `fapi`. */
  readonly path?: string;
  /** Parameters (of the query or a form body) with these values. */
  readonly query?: Readonly<Record<string, string>>;
}

export type FaultEffect =
  /** This answer instead of the true one. */
  | {
      readonly kind: 'respond';
      readonly status: number;
      readonly headers?: Reply['headers'];
      readonly body?: string;
    }
  /** An error of the exchange itself, in its own form; `status` where it is not the exchange's usual one. */
  | { readonly kind: 'code'; readonly code: string; readonly message?: string; readonly status?: number }
  /** A maintenance page with status 200. */
  | { readonly kind: 'html' }
  /** The first half of the true answer, with status 200 and a matching length. */
  | { readonly kind: 'truncated' }
  | { readonly kind: 'empty' }
  /** Headers and the first half of the body, and then nothing more while the connection stays open. */
  | { readonly kind: 'stall' }
  /** The connection is reset before (`headers`) or in the middle of (`body`) the answer. */
  | { readonly kind: 'reset'; readonly during?: 'headers' | 'body' }
  /** The true answer, late. */
  | { readonly kind: 'delay'; readonly delayMs: number };

export interface Fault {
  readonly match: FaultMatch;
  /** How often it happens; until it is cleared when left out. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

export interface ActiveFault extends Fault {
  readonly id: number;
  /** How often it happened so far. */
  readonly hits: number;
}

// biome-ignore format: a list
const EFFECTS: ReadonlySet<string> = new Set<FaultEffect['kind']>([
  'respond', 'code', 'html', 'truncated', 'empty', 'stall', 'reset', 'delay',
]);

/** The faults that are switched on. The first that matches a request happens; a used-up one is gone. */
export class Faults {
  #active: ActiveFault[] = [];
  #added = 0;

  /** Throws a sentence for the caller when `fault` is not a fault. */
  add(fault: Fault): ActiveFault {
    if (!EFFECTS.has(fault?.effect?.kind)) {
      throw new RangeError(`a fault needs effect.kind, one of: ${[...EFFECTS].join(', ')}`);
    }
    this.#added += 1;
    const added = { ...fault, match: fault.match ?? {}, id: this.#added, hits: 0 };
    this.#active.push(added);
    return added;
  }

  clear(id?: number): void {
    this.#active = id === undefined ? [] : this.#active.filter((fault) => fault.id !== id);
  }

  active(): readonly ActiveFault[] {
    return this.#active;
  }

  /** Uses up one occurrence of the fault that it returns. */
  take(request: UpstreamRequest, account: string | undefined): FaultEffect | undefined {
    const fault = this.#active.find(({ match }) => matches(match, request, account));
    if (fault === undefined) return undefined;
    const used = { ...fault, hits: fault.hits + 1 };
    this.#active = this.#active
      .map((one) => (one.id === used.id ? used : one))
      .filter((one) => one.times === undefined || one.hits < one.times);
    return fault.effect;
  }
}

function matches(match: FaultMatch, request: UpstreamRequest, account: string | undefined): boolean {
  const form = new URLSearchParams(request.body);
  return (
    (match.exchange === undefined || match.exchange === request.exchange) &&
    (match.account === undefined || match.account === account) &&
    (match.method === undefined || match.method === request.method) &&
    (match.path === undefined || request.path.includes(match.path)) &&
    Object.entries(match.query ?? {}).every(
      ([name, value]) => (request.query.get(name) ?? form.get(name)) === value,
    )
  );
}
