import { z } from 'zod';
import type { MarginMode, PositionSide } from '../../domain/records.js';
import {
  decimal,
  decimalOrNone,
  decimalOrUnknown,
  text,
  textOrUnknown,
  timestampOrUnknown,
} from './row-fields.js';

const side = z
  .unknown()
  .transform((value): PositionSide | undefined =>
    value === 'long' || value === 'short' ? value : undefined,
  );

const marginMode = z
  .unknown()
  .transform((value): MarginMode => (value === 'cross' || value === 'isolated' ? value : 'unknown'));

/** One slot of the position list; its size may be zero or signed. */
export const positionRow = z.object({
  symbol: text,
  side,
  /** Where the exchange signs it, the side that the side field does not name. */
  signedSize: decimalOrUnknown,
  marginMode,
  contracts: decimal,
  contractSize: decimalOrNone,
  entryPrice: decimalOrNone,
  markPrice: decimalOrNone,
  unrealizedPnl: decimalOrUnknown,
  leverage: decimalOrUnknown,
  liquidationPrice: decimalOrNone,
  settleCurrency: textOrUnknown,
  timestampMs: timestampOrUnknown,
});

export type PositionRow = z.infer<typeof positionRow>;
/** Every field has to be named, said by the exchange or not. */
export type PositionCandidate = z.input<typeof positionRow>;
