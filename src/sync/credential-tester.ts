import type { CredentialSource } from '../credentials/credentials.js';
import { type AccountRef, accountId } from '../domain/account.js';
import type { CredentialTest, ScopeTest } from '../domain/credential-report.js';
import type { SyncedDataType } from '../domain/data-type.js';
import type { ReportedError } from '../domain/report.js';
import type { AccountClient, ExchangeClients, ReadContext } from '../exchange/exchange-client.js';
import type { Logger } from '../logging/logger.js';
import type { HoldKeeper } from './hold-keeper.js';
import { reportedError } from './read-scope.js';

export interface CredentialTesterOptions {
  readonly clients: Pick<ExchangeClients, 'account' | 'guardSnapshot' | 'resume'>;
  readonly credentials: Pick<CredentialSource, 'resolve'>;
  /** Those that are configured. */
  readonly accounts: () => Promise<readonly AccountRef[]>;
  readonly holds: Pick<HoldKeeper, 'save'> & { readonly refresh: () => Promise<void> };
  readonly logger: Logger;
}

interface ScopeToTest {
  readonly dataType: SyncedDataType;
  readonly scope: string;
  readonly read: (context: ReadContext) => Promise<unknown>;
}

/** Asks what keys can read, also where a key is left alone because it was refused. Writes nothing. */
export class CredentialTester {
  readonly #options: CredentialTesterOptions;

  constructor(options: CredentialTesterOptions) {
    this.#options = options;
  }

  /** Of one account, of one exchange, or of everything that is configured. */
  async testAll(
    exchange: string | undefined,
    account: string | undefined,
  ): Promise<readonly CredentialTest[]> {
    const named = exchange !== undefined && account !== undefined ? [{ exchange, account }] : undefined;
    const accounts = named ?? (await this.#options.accounts());
    const asked = accounts.filter((each) => exchange === undefined || each.exchange === exchange);
    await this.#refreshHolds();
    const tests = await Promise.all(asked.map((each) => this.test(each)));
    await this.#options.holds.save();
    return tests;
  }

  /** Keys can be tested before there is a database. */
  async #refreshHolds(): Promise<void> {
    try {
      await this.#options.holds.refresh();
    } catch (error: unknown) {
      this.#options.logger.warning('What is to be left alone could not be read from the database', { error });
    }
  }

  /** One read per scope of the account; one alone where the key is refused as such. Never rejects. */
  async test(account: AccountRef): Promise<CredentialTest> {
    const wasSuspended = this.#isSuspended(account);
    let source: string | null = null;
    try {
      source = (await this.#options.credentials.resolve(account))?.source ?? null;
      const context = personAsks();
      const client = await this.#options.clients.account(account, context);
      const scopes = await testScopes(scopesOf(client), context);
      const status = statusOf(scopes);
      // Also what was not asked now, such as recent orders, is worth another try.
      if (status === 'ok') this.#options.clients.resume(account);
      const resumed = wasSuspended && !this.#isSuspended(account);
      this.#options.logger.info('Credentials tested', { ...account, source, status, resumed });
      return { ...account, source, status, scopes, error: null, resumed };
    } catch (error: unknown) {
      const reported = reportedError(error);
      this.#options.logger.warning('Credentials could not be tested', { ...account, source, error });
      return { ...account, source, status: 'failed', scopes: [], error: reported, resumed: false };
    }
  }

  #isSuspended(account: AccountRef): boolean {
    return Object.hasOwn(this.#options.clients.guardSnapshot().suspensions, accountId(account));
  }
}

function personAsks(): ReadContext {
  return {
    signal: new AbortController().signal,
    meter: { requests: 0 },
    priority: 'trigger',
    despiteSuspension: true,
  };
}

function scopesOf(client: AccountClient): readonly ScopeToTest[] {
  return [
    ...client.balanceScopes().map((scope) => ({
      ...{ dataType: 'balances' as const, scope },
      read: (context: ReadContext) => client.readBalances(scope, context),
    })),
    ...client.positionScopes().map((scope) => ({
      ...{ dataType: 'positions' as const, scope },
      read: (context: ReadContext) => client.readPositions(scope, context),
    })),
    ...client.orderScopes().map(({ id: scope }) => ({
      ...{ dataType: 'orders' as const, scope },
      read: (context: ReadContext) => client.readOpenOrders(scope, context),
    })),
  ];
}

async function testScopes(scopes: readonly ScopeToTest[], context: ReadContext): Promise<ScopeTest[]> {
  const tests: ScopeTest[] = [];
  let refused: ReportedError | undefined;
  for (const { dataType, scope, read } of scopes) {
    // Asking again with a key that is refused would only bring the exchange to lock it.
    const error = refused ?? (await read(context).then(() => null, reportedError));
    if (error?.code === 'AUTHENTICATION_FAILED') refused = error;
    if (error?.code !== 'NOT_SUPPORTED') tests.push({ dataType, scope, readable: error === null, error });
  }
  return tests;
}

function statusOf(scopes: readonly ScopeTest[]): CredentialTest['status'] {
  const readable = scopes.filter((scope) => scope.readable).length;
  if (readable === scopes.length) return 'ok';
  return readable > 0 ? 'partial' : 'failed';
}
