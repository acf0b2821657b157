import { expect } from 'chai';
import { compare, normalise } from '#src/ledger/decimal.js';
import type { OrderTruth, PositionTruth } from '#src/simulator/truth.js';

// biome-ignore lint/suspicious/noExplicitAny: ccxt's own types call amounts numbers, which they are not here
type Ccxt = any;
type Amount = string | undefined;

export function expectPositions(read: readonly Ccxt[], truth: readonly PositionTruth[]): void {
  const open = read.filter(({ contracts }) => compare(plain(contracts), '0') !== 0);
  expect(open.map(({ symbol }) => symbol).sort()).to.deep.equal(truth.map(({ symbol }) => symbol).sort());
  for (const position of truth) {
    const found = open.find(({ symbol }) => symbol === position.symbol);
    expect(found.side, position.symbol).to.equal(position.side);
    expectSame(found.contracts, position.contracts, `${position.symbol} contracts`);
    expectSame(found.entryPrice, position.entryPrice, `${position.symbol} entry price`);
    expectSame(found.markPrice, position.markPrice, `${position.symbol} mark price`);
    expectSame(found.unrealizedPnl ?? '0', position.unrealizedPnl, `${position.symbol} profit`);
  }
}

export function expectOrders(read: readonly Ccxt[], truth: readonly OrderTruth[]): void {
  expect(read.map(({ id }) => id).sort()).to.deep.equal(truth.map(({ orderId }) => orderId).sort());
  for (const order of truth) {
    const found = read.find(({ id }) => id === order.orderId);
    expect([found.symbol, found.side, found.status, found.timestamp]).to.deep.equal([
      order.symbol,
      order.side,
      order.status,
      order.timestampMs,
    ]);
    expectSame(found.price, order.price, `${order.orderId} price`);
    expectSame(found.triggerPrice, order.triggerPrice, `${order.orderId} trigger price`);
    expectSame(found.amount, order.amount, `${order.orderId} amount`);
    // Lists of conditional orders do not tell these, and ccxt says 0.
    if (order.filled !== undefined) {
      expectSame(found.filled, order.filled, `${order.orderId} filled`);
      expectSame(found.remaining, order.remaining, `${order.orderId} remaining`);
    }
    expectSame(found.average, order.average, `${order.orderId} average`);
  }
}

export function plain(amount: Amount): string {
  const normal = amount === undefined ? undefined : normalise(amount);
  if (normal === undefined) throw new Error(`not an amount: ${amount}`);
  return normal;
}

export function expectSame(read: Amount, truth: Amount, what: string): void {
  if (truth === undefined || read === undefined) expect(read, what).to.equal(truth);
  else expect(compare(plain(read), plain(truth)), `${what}: ${read} read, ${truth} true`).to.equal(0);
}
