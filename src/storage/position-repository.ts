import type { PositionRecord } from '../domain/records.js';
import {
  MirrorRepository,
  type MirrorTable,
  OF_ACCOUNT,
  type RepositoryOptions,
} from './mirror-repository.js';

export type PositionKey = Pick<PositionRecord, 'symbol' | 'side' | 'marginMode'>;

/** What was true of one size of the position says nothing about another. */
const WITH_SIZE = { whileSame: ['contracts'] } as const;

export const POSITIONS: MirrorTable<PositionRecord> = {
  name: 'exchange_positions',
  ...OF_ACCOUNT,
  key: [
    { name: 'symbol', type: 'text', field: 'symbol' },
    { name: 'side', type: 'text', field: 'side' },
    { name: 'margin_mode', type: 'text', field: 'marginMode' },
  ],
  columns: [
    { name: 'quantity', type: 'numeric', field: 'quantity', keep: WITH_SIZE },
    { name: 'contracts', type: 'numeric', field: 'contracts' },
    { name: 'entry_price', type: 'numeric', field: 'entryPrice', keep: WITH_SIZE },
    // These three move by themselves: an old value under a fresh age would be a lie.
    { name: 'mark_price', type: 'numeric', field: 'markPrice' },
    { name: 'unrealized_pnl', type: 'numeric', field: 'unrealizedPnl' },
    { name: 'liquidation_price', type: 'numeric', field: 'liquidationPrice' },
    { name: 'leverage', type: 'numeric', field: 'leverage', keep: WITH_SIZE },
    { name: 'settle_currency', type: 'text', field: 'settleCurrency', keep: {} },
    { name: 'timestamp', type: 'timestamptz', field: 'timestampMs', keep: WITH_SIZE },
    { name: 'closed_at', type: 'timestamptz' },
  ],
  present: 'stored.closed_at IS NULL',
  whenAbsent: { quantity: '0', contracts: '0', closed_at: '$at' },
};

/** `exchange_positions`. */
export class PositionRepository extends MirrorRepository<PositionRecord, PositionKey> {
  constructor(options: RepositoryOptions) {
    super(POSITIONS, options);
  }
}
