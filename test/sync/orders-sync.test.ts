import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import type { OrderRecord } from '#src/domain/records.js';
import type { ScopeRead } from '#src/domain/scope-read.js';
import type { AccountClient, ExchangeClients, OrderScope } from '#src/exchange/exchange-client.js';
import type { OrderKey } from '#src/storage/order-repository.js';
import { OrdersSync } from '#src/sync/orders-sync.js';
import { MemoryTable, noDatabase, transaction } from './fakes/memory-table.js';
import { syncRun } from './fakes/sync-run.js';

const SYMBOL = 'BTC/USDT';

function order(orderId: string, rest: Partial<OrderRecord> = {}): OrderRecord {
  return {
    symbol: SYMBOL,
    orderId,
    orderType: 'limit',
    side: 'buy',
    price: '1',
    triggerPrice: undefined,
    average: undefined,
    amount: '1',
    filled: '0',
    remaining: '1',
    status: 'open',
    rawStatus: 'New',
    timestampMs: 1,
    ...rest,
  };
}

function list(scope: string, records: readonly OrderRecord[]): ScopeRead<OrderRecord> {
  return { scope, records, rejected: [], pages: 1, requestedAtMs: 2000 };
}

interface Exchange {
  readonly scopes: readonly OrderScope[];
  readonly open?: Record<string, readonly OrderRecord[] | Error>;
  readonly recent?: Record<string, readonly OrderRecord[] | Error>;
  readonly byId?: Record<string, OrderRecord | undefined | Error>;
}

/** Symbols of stored orders, by the scope that they were last seen in. */
const STORED_SYMBOLS: Readonly<Record<string, string>> = { spot: 'ETH/USDT', 'recent:spot': 'ADA/USDT' };

class OrderTableInMemory extends MemoryTable<OrderKey, OrderRecord> {
  async symbols(_queryable: unknown, _account: unknown, scopes: readonly string[]) {
    return scopes.flatMap((scope) => STORED_SYMBOLS[scope] ?? []);
  }
}

/** Runs the strategy against an exchange that answers so, with these orders stored as open. */
async function sync(
  exchange: Exchange,
  storedOpen: readonly (string | { readonly scope: string; readonly orderId: string })[],
) {
  const asked: string[] = [];
  const give = <T>(value: T | Error): T => {
    if (value instanceof Error) throw value;
    return value;
  };
  const client: Partial<AccountClient> = {
    orderScopes: () => exchange.scopes,
    readOpenOrders: async (scope) => {
      asked.push(`open ${scope}`);
      return list(scope, give(exchange.open?.[scope] ?? []));
    },
    readRecentOrders: async (scope, symbols) => {
      asked.push(`recent ${scope}${symbols.length > 0 ? ` ${symbols.join(',')}` : ''}`);
      return list(scope, give(exchange.recent?.[scope] ?? []));
    },
    readOrder: async (_scope, _symbol, orderId) => {
      asked.push(`order ${orderId}`);
      return give(exchange.byId?.[orderId]);
    },
  };
  const table = new OrderTableInMemory(
    storedOpen.map((one) => {
      const { scope, orderId } = typeof one === 'string' ? { scope: 'spot', orderId: one } : one;
      return { scope, key: { symbol: SYMBOL, orderId } };
    }),
  );
  const strategy = new OrdersSync({
    clients: { account: async () => client } as unknown as ExchangeClients,
    database: noDatabase,
    table,
    balances: { changedAt: async () => new Map() },
    scopes: { list: async () => [] },
    now: () => 1500,
  });
  const prepared = await strategy.prepare(syncRun());
  await prepared.write(transaction);
  const unknown = table.writes.flatMap((write) => (write.kind === 'absent' ? write.keys : []));
  const written = table.writes.flatMap((write) => (write.kind === 'upsert' ? write.records : []));
  return {
    prepared,
    asked,
    unknown: unknown.map(({ orderId }) => orderId),
    written: written.map(({ orderId, status }) => `${orderId} ${status}`),
  };
}

const SPOT: OrderScope = {
  id: 'spot',
  recent: 'recent:spot',
  recentNeedsSymbols: false,
  canReadOrder: true,
};

describe('OrdersSync', () => {
  it('says when what ends from now on falls off the recent list', async () => {
    const kept = { ...SPOT, recentKeptMs: 7_200_000 };
    const { prepared } = await sync({ scopes: [kept] }, []);
    expect(prepared.scopes.map(({ scope, nextLossAtMs }) => [scope, nextLossAtMs])).to.deep.equal([
      ['recent:spot', 2000 + 7_200_000],
      ['spot', undefined],
    ]);
    const failed = await sync(
      { scopes: [kept], recent: { 'recent:spot': new ExchangeSyncError('EXCHANGE_TIMEOUT', 'late') } },
      [],
    );
    expect(failed.prepared.scopes.map(({ nextLossAtMs }) => nextLossAtMs)).to.deep.equal([
      undefined,
      undefined,
    ]);
  });

  it('reads the open orders before the recent ones, so that none ends in between unseen', async () => {
    const { asked } = await sync({ scopes: [SPOT] }, []);
    expect(asked).to.deep.equal(['open spot', 'recent recent:spot']);
  });

  it('takes the end of an order that left the open list from the recent one, without asking for it', async () => {
    const { asked, written, unknown } = await sync(
      { scopes: [SPOT], recent: { 'recent:spot': [order('1', { status: 'closed' })] } },
      ['1'],
    );
    expect(written).to.deep.equal(['1 closed']);
    expect(unknown).to.deep.equal([]);
    expect(asked).not.to.include('order 1');
  });

  it('asks for an order that is in neither list', async () => {
    const { written, unknown } = await sync(
      { scopes: [SPOT], byId: { '1': order('1', { status: 'canceled' }) } },
      ['1'],
    );
    expect(written).to.deep.equal(['1 canceled']);
    expect(unknown).to.deep.equal([]);
  });

  it('calls an order unknown that the exchange does not know any more', async () => {
    const { unknown, prepared } = await sync({ scopes: [SPOT], byId: { '1': undefined } }, ['1']);
    expect(unknown).to.deep.equal(['1']);
    expect(prepared.scopes.every(({ completeAtMs }) => completeAtMs === 2000)).to.equal(true);
  });

  it('leaves an order as it was, and the scope incomplete, when asking for it fails', async () => {
    const failure = new ExchangeSyncError('EXCHANGE_TIMEOUT', 'no answer');
    const { unknown, prepared } = await sync({ scopes: [SPOT], byId: { '1': failure } }, ['1']);
    expect(unknown).to.deep.equal([]);
    const open = prepared.scopes.find(({ scope }) => scope === 'spot');
    expect(open).not.to.have.property('completeAtMs');
    expect(open?.error?.code).to.equal('EXCHANGE_TIMEOUT');
  });

  it('calls no order unknown when the open list could not be read', async () => {
    const failure = new ExchangeSyncError('EXCHANGE_BAD_RESPONSE', 'html');
    const { unknown, asked } = await sync({ scopes: [SPOT], open: { spot: failure } }, ['1']);
    expect(unknown).to.deep.equal([]);
    expect(asked).not.to.include('order 1');
  });

  it('calls an order unknown that cannot be asked for', async () => {
    const scope = { ...SPOT, canReadOrder: false };
    const { unknown } = await sync({ scopes: [scope] }, ['1']);
    expect(unknown).to.deep.equal(['1']);
  });

  it('reads a recent list once that plain and conditional orders share', async () => {
    const conditional = { ...SPOT, id: 'spot:conditional' };
    const { asked } = await sync({ scopes: [SPOT, conditional] }, []);
    expect(asked).to.deep.equal(['open spot', 'open spot:conditional', 'recent recent:spot']);
  });

  it('follows an order from the conditional list to the plain one without asking for it', async () => {
    const conditional = { ...SPOT, id: 'spot:conditional' };
    const { asked, written, unknown, prepared } = await sync(
      { scopes: [conditional, SPOT], open: { spot: [order('1')] } },
      [{ scope: 'spot:conditional', orderId: '1' }],
    );
    expect(asked).not.to.include('order 1');
    expect(written).to.deep.equal(['1 open']);
    expect(unknown).to.deep.equal([]);
    expect(prepared.itemsSynced).to.equal(1);
  });

  it('asks by symbol where the exchange wants one: for those stored, open or ended, and those open', async () => {
    const plain = { ...SPOT, recentNeedsSymbols: true };
    const conditional = { ...plain, id: 'spot:conditional' };
    const { asked } = await sync(
      {
        scopes: [plain, conditional],
        open: { spot: [order('2')], 'spot:conditional': [order('3', { symbol: 'SOL/USDT' })] },
      },
      [],
    );
    expect(asked.at(-1)).to.equal('recent recent:spot ADA/USDT,BTC/USDT,ETH/USDT,SOL/USDT');
  });
});
