import { isDeepStrictEqual } from 'node:util';
import type { ReadContext } from '../exchange-client.js';
import type { CcxtExchange } from '../exchange-session.js';
import type { ScopeProfile } from '../profiles/profile.js';
import { type AnswerOrigin, asList, badResponse } from './answer.js';
import type { AccountReaderOptions } from './reader-options.js';

/** Every row of a list, however many requests it took. */
export interface PagedRows {
  readonly rows: readonly unknown[];
  readonly pages: number;
  readonly requestedAtMs: number;
}

/** What one request of a list adds to the scope's own parameters. */
export interface PageRequest {
  readonly params: Readonly<Record<string, unknown>>;
  readonly limit?: number;
  readonly sinceMs?: number;
}

export interface PagesOptions extends Pick<AccountReaderOptions, 'session' | 'clock' | 'unknownMarkets'> {
  readonly context: ReadContext;
  readonly scope: ScopeProfile;
  /** Calls the scope's unified method. */
  readonly fetchPage: (ccxt: CcxtExchange, request: PageRequest) => Promise<unknown>;
  /** Where a list by time begins. */
  readonly sinceMs?: number;
}

/** Collects pages and notices one that is the same as the one before it. */
export class PageReader {
  readonly origin: AnswerOrigin;
  readonly #options: PagesOptions;
  readonly #rows: unknown[] = [];
  #previous: readonly unknown[] = [];
  #pages = 0;
  #requestedAtMs = 0;

  constructor(options: PagesOptions) {
    const { session, scope } = options;
    this.#options = options;
    this.origin = { exchange: session.exchange, scope: scope.id, method: scope.method };
  }

  async next(request: PageRequest): Promise<readonly unknown[]> {
    const { session, context, scope, clock, fetchPage, unknownMarkets } = this.#options;
    const answer = await session.call({ context, scope: scope.id, method: scope.method }, async (ccxt) => {
      if (this.#pages === 0) this.#requestedAtMs = clock.now();
      const rows = await fetchPage(ccxt, request);
      unknownMarkets.check(rows, scope, ccxt);
      return rows;
    });
    const page = asList(answer, this.origin);
    if (page.length > 0 && isDeepStrictEqual(page, this.#previous)) {
      throw badResponse(this.origin, `repeats page ${this.#pages}`);
    }
    this.#pages += 1;
    this.#previous = page;
    this.#rows.push(...page);
    return page;
  }

  capped(maxPages: number): Error {
    return badResponse(this.origin, `has more than ${maxPages} pages`);
  }

  result(): PagedRows {
    return { rows: this.#rows, pages: this.#pages, requestedAtMs: this.#requestedAtMs };
  }
}
