import type { CredentialChain } from '../credentials/credential-chain.js';
import type { Clock } from '../domain/clock.js';
import { ExchangeSyncError } from '../domain/errors.js';
import type { HostApi } from './worker-api.js';

export interface HostApiOptions {
  readonly credentials: Pick<CredentialChain, 'accounts' | 'resolve'>;
  readonly clock: Clock;
  readonly deadlineMs: number;
}

/** What the worker may call in the host's thread. The host's own functions run here, so that each has a deadline. */
export function createHostApi({ credentials, clock, deadlineMs }: HostApiOptions): HostApi {
  return {
    listAccounts: (exchange) => withinDeadline(() => credentials.accounts(exchange), exchange),
    resolveCredentials: (account) =>
      withinDeadline(() => credentials.resolve(account), `${account.exchange}/${account.account}`),
  };

  async function withinDeadline<T>(work: () => Promise<T>, subject: string): Promise<T> {
    const answered = new AbortController();
    const deadline = clock.sleep(deadlineMs, answered.signal).then(() => {
      throw new ExchangeSyncError(
        'CREDENTIALS_MISSING',
        `The credential provider did not answer for ${subject} within ${deadlineMs} ms; see what it waits for.`,
        { details: { subject, deadlineMs } },
      );
    });
    try {
      return await Promise.race([work(), deadline]);
    } finally {
      answered.abort();
    }
  }
}
