import type { DecimalString } from '../../../../domain/decimal-string.js';
import { toScaled } from './scaled.js';

/** What a wallet holds while a big history is made, in billionths. */
export class BulkBalances {
  readonly amounts = new Map<string, bigint>();
  /** What was paid in fees in all. */
  readonly fees = new Map<string, bigint>();

  constructor(balances: ReadonlyMap<string, DecimalString>) {
    for (const [asset, amount] of balances) this.amounts.set(asset, toScaled(amount));
  }

  of(asset: string): bigint {
    return this.amounts.get(asset) ?? 0n;
  }

  /** What the wallet holds then. */
  change(asset: string, flow: bigint, fee: bigint): bigint {
    const after = this.of(asset) + flow - fee;
    this.amounts.set(asset, after);
    if (fee !== 0n) this.fees.set(asset, (this.fees.get(asset) ?? 0n) + fee);
    return after;
  }
}
