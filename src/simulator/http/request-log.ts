/** How often one account asked one endpoint, and what it was answered. */
export interface RequestCount {
  readonly exchange: string;
  /** Undefined: a public request, or a key that no account has. */
  readonly account: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly count: number;
  /** By HTTP status; `0` for a connection that was reset. */
  readonly statuses: Readonly<Record<string, number>>;
}

export type LoggedRequest = Pick<RequestCount, 'exchange' | 'account' | 'method' | 'path'> & {
  readonly status: number;
};

/** Counts what was asked, for those who must prove that they ask little. */
export class RequestLog {
  #counts = new Map<string, RequestCount>();

  record({ exchange, account, method, path, status }: LoggedRequest): void {
    const key = [exchange, account, method, path].join(' ');
    const before = this.#counts.get(key);
    this.#counts.set(key, {
      exchange,
      account,
      method,
      path,
      count: (before?.count ?? 0) + 1,
      statuses: { ...before?.statuses, [status]: (before?.statuses[status] ?? 0) + 1 },
    });
  }

  reset(): void {
    this.#counts.clear();
  }

  /** In the order in which each was first asked. */
  counts(): readonly RequestCount[] {
    return [...this.#counts.values()];
  }
}
