import type { DecimalString } from '../../../domain/decimal-string.js';
import type { EventKind } from '../journal.js';
import type { Fill, FundingPayment } from './fill.js';
import type { Place } from './row-list.js';
import type { Conversion, Transfer } from './transfer.js';

/** What an event is about, as far as histories tell more of it than what it moved. */
export interface EventSubject {
  readonly fill?: Fill;
  readonly funding?: FundingPayment;
  readonly transfer?: Transfer;
  readonly conversion?: Conversion;
}

/** One change of one asset in one wallet: every change of a balance is exactly one of these. */
export interface StatementEntry extends Place {
  readonly id: string;
  readonly wallet: string;
  readonly asset: string;
  readonly kind: EventKind;
  /** Without the fee. */
  readonly flow: DecimalString;
  /** What was paid; negative for a rebate. */
  readonly fee: DecimalString;
  /** `flow` less `fee`. */
  readonly change: DecimalString;
  readonly balanceAfter: DecimalString;
  readonly subject: EventSubject;
}
