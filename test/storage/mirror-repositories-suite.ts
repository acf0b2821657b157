import { BalanceRepository } from '#src/storage/balance-repository.js';
import { OrderRepository } from '#src/storage/order-repository.js';
import { PositionRepository } from '#src/storage/position-repository.js';
import type { TestDatabase } from '../support/postgres.js';
import { describeMirror } from './mirror-suite.js';
import { balance, order, position } from './records.js';

export function describeMirrorRepositories(test: TestDatabase): void {
  describeMirror(test, {
    table: 'exchange_balances',
    repository: (options) => new BalanceRepository(options),
    row: (currency) => balance({ currency }),
    changed: (row) => ({ ...row, total: '-2.000000000000000001' }),
    keyOf: ({ wallet, currency }) => ({ wallet, currency }),
    absent: () => ({ available: '0', locked: '0', total: '0' }),
  });

  describeMirror(test, {
    table: 'exchange_positions',
    repository: (options) => new PositionRepository(options),
    row: (symbol) => position({ symbol }),
    changed: (row) => ({ ...row, quantity: '0.75', contracts: '0.75', liquidationPrice: undefined }),
    keyOf: ({ symbol, side, marginMode }) => ({ symbol, side, marginMode }),
    absent: () => ({ quantity: '0', contracts: '0' }),
  });

  describeMirror(test, {
    table: 'exchange_orders',
    repository: (options) => new OrderRepository(options),
    row: (orderId) => order({ orderId }),
    changed: (row) => ({ ...row, filled: '0.1', remaining: '0.1', average: '58999.5' }),
    keyOf: ({ symbol, orderId }) => ({ symbol, orderId }),
    absent: () => ({ status: 'unknown' }),
  });
}
