import { expect } from 'chai';
import type { AccountRef } from '#src/domain/account.js';
import { type ErrorCode, ExchangeSyncError } from '#src/domain/errors.js';
import type { AccountClient, ReadContext } from '#src/exchange/exchange-client.js';
import { CredentialTester } from '#src/sync/credential-tester.js';
import { silentLogger } from '../support/silent-logger.js';

const MAIN = { exchange: 'bybit', account: 'main' };
const SUB = { exchange: 'bybit', account: 'sub1' };
const OTHER = { exchange: 'binance', account: 'main' };

interface Asked {
  readonly account: string;
  readonly scope: string;
  readonly context: ReadContext;
}

/** A tester of accounts whose scopes answer with errors as `refusals` says: by scope, or by account. */
function setUp(
  refusals: Readonly<Record<string, ErrorCode>> = {},
  { suspended = [] as readonly string[], databaseDown = false } = {},
) {
  const asked: Asked[] = [];
  const events: string[] = [];
  const suspensions = new Map(suspended.map((id) => [id, {}]));
  const client = (account: AccountRef): AccountClient => {
    const id = `${account.exchange}/${account.account}`;
    const read = async (scope: string, context: ReadContext) => {
      asked.push({ account: id, scope, context });
      const code = refusals[scope] ?? refusals[id];
      if (code !== undefined) throw new ExchangeSyncError(code, `${scope} of ${id} says ${code}`);
      suspensions.delete(id);
      return {} as never;
    };
    return {
      account,
      balanceScopes: () => ['spot', 'funding'],
      positionScopes: () => ['linear'],
      exchangeTimeMs: () => 0,
      historyScopes: () => [],
      historySymbols: () => [],
      readHistory: () => {
        throw new Error('not to be asked for');
      },
      orderScopes: () => [{ id: 'open', recentNeedsSymbols: false, canReadOrder: false }],
      readBalances: read,
      readPositions: read,
      readOpenOrders: read,
      readRecentOrders: () => Promise.reject(new Error('not to be asked for')),
      readOrder: () => Promise.reject(new Error('not to be asked for')),
    };
  };
  const tester = new CredentialTester({
    clients: {
      account: async (account) => {
        if (refusals.client !== undefined) throw new ExchangeSyncError(refusals.client, 'no client');
        return client(account);
      },
      guardSnapshot: () => ({
        circuits: {},
        limits: {},
        suspensions: Object.fromEntries(suspensions) as never,
      }),
      resume: (account) => {
        events.push(`resume ${account.exchange}/${account.account}`);
        suspensions.delete(`${account.exchange}/${account.account}`);
      },
    },
    credentials: { resolve: async () => ({ credentials: { apiKey: 'canary' }, source: 'vault' }) },
    accounts: async () => [MAIN, SUB, OTHER],
    holds: {
      refresh: async () => {
        if (databaseDown) throw new ExchangeSyncError('DATABASE_UNAVAILABLE', 'down');
        events.push('refresh');
      },
      save: async () => void events.push('save'),
    },
    logger: silentLogger,
  });
  return { tester, asked, events };
}

describe('a test of credentials', () => {
  it('asks each scope once, also of a suspended account, and shares what it lifts', async () => {
    const { tester, asked, events } = setUp({}, { suspended: ['bybit/main'] });
    const [test] = await tester.testAll('bybit', 'main');
    expect(test).to.deep.include({ ...MAIN, source: 'vault', status: 'ok', error: null, resumed: true });
    expect(test?.scopes.map(({ dataType, scope, readable }) => [dataType, scope, readable])).to.deep.equal([
      ['balances', 'spot', true],
      ['balances', 'funding', true],
      ['positions', 'linear', true],
      ['orders', 'open', true],
    ]);
    expect(asked.map(({ scope }) => scope)).to.deep.equal(['spot', 'funding', 'linear', 'open']);
    for (const { context } of asked) {
      expect(context).to.include({ priority: 'trigger', despiteSuspension: true });
    }
    expect(events).to.deep.equal(['refresh', 'resume bybit/main', 'save']);
    expect(JSON.stringify(test)).not.to.contain('canary');
  });

  it('tests one account, one exchange or everything', async () => {
    const { tester } = setUp();
    const tested = async (...target: [string?, string?]) =>
      (await tester.testAll(target[0], target[1])).map(({ exchange, account }) => `${exchange}/${account}`);
    expect(await tested('bybit', 'unheard')).to.deep.equal(['bybit/unheard']);
    expect(await tested('bybit')).to.deep.equal(['bybit/main', 'bybit/sub1']);
    expect(await tested()).to.deep.equal(['bybit/main', 'bybit/sub1', 'binance/main']);
  });

  it('names the scopes that cannot be read, and leaves them suspended', async () => {
    const { tester, events } = setUp({ funding: 'PERMISSION_DENIED' });
    const [test] = await tester.testAll('bybit', 'main');
    expect(test?.status).to.equal('partial');
    expect(test?.scopes.find(({ readable }) => !readable)).to.deep.include({
      dataType: 'balances',
      scope: 'funding',
      error: { code: 'PERMISSION_DENIED', message: 'funding of bybit/main says PERMISSION_DENIED' },
    });
    expect(events).to.deep.equal(['refresh', 'save']);
  });

  it('leaves out what the exchange does not have', async () => {
    const { tester } = setUp({ funding: 'NOT_SUPPORTED' });
    const [test] = await tester.testAll('bybit', 'main');
    expect(test?.status).to.equal('ok');
    expect(test?.scopes.map(({ scope }) => scope)).not.to.include('funding');
  });

  it('asks no further with a key that is refused as such, and lifts nothing', async () => {
    const { tester, asked, events } = setUp(
      { 'bybit/main': 'AUTHENTICATION_FAILED' },
      { suspended: ['bybit/main'] },
    );
    const [test] = await tester.testAll('bybit', 'main');
    expect(test).to.deep.include({ status: 'failed', resumed: false });
    expect(test?.scopes).to.have.length(4);
    expect(asked).to.have.length(1);
    expect(events).to.deep.equal(['refresh', 'save']);
  });

  it('says what kept it from asking', async () => {
    const { tester } = setUp({ client: 'CREDENTIALS_MISSING' });
    const [test] = await tester.testAll('bybit', 'main');
    expect(test).to.deep.include({
      status: 'failed',
      scopes: [],
      error: { code: 'CREDENTIALS_MISSING', message: 'no client' },
    });
  });

  it('needs no database', async () => {
    const { tester } = setUp({}, { databaseDown: true });
    expect(await tester.testAll('bybit', 'main')).to.have.nested.property('[0].status', 'ok');
  });
});
