import type { DecimalString } from '../domain/decimal-string.js';
import type { TransferEvent } from './cost-basis-events.js';
import type { Transit } from './cost-basis-state.js';
import { compare, subtract } from './decimal.js';

const HOUR = 3_600_000;

/** Blockchains are slow now and then; two transfers of the same amount further apart have nothing in common. */
const SAME_AMOUNT_WITHIN_MS = 24 * HOUR;

/** What has not arrived anywhere by then went outside. */
const FORGOTTEN_AFTER_MS = 30 * 24 * HOUR;

/**
 * Takes out of `transit` what arrives with this event. The same transaction first, of those the one whose amount
 * is nearest and not less than what arrived (one transaction can pay several); else the oldest of the same
 * currency and amount that left another account within a day before, unless both name a transaction.
 */
export function takeArrival(
  transit: Transit[],
  account: string,
  arrival: Pick<TransferEvent, 'asset' | 'amount' | 'transactionId' | 'moveId' | 'atMs'>,
): Transit | undefined {
  const possible = transit.filter(
    ({ asset, leftAtMs }) => asset === arrival.asset && leftAtMs <= arrival.atMs,
  );
  const found = bySameTransaction(possible, arrival) ?? bySameAmount(possible, account, arrival);
  if (found !== undefined) transit.splice(transit.indexOf(found), 1);
  return found;
}

export function forgetOldTransit(transit: Transit[], nowMs: number): void {
  const old = transit.findIndex(({ leftAtMs }) => leftAtMs >= nowMs - FORGOTTEN_AFTER_MS);
  transit.splice(0, old === -1 ? transit.length : old);
}

type Arrival = Parameters<typeof takeArrival>[2];

function bySameTransaction(possible: readonly Transit[], arrival: Arrival): Transit | undefined {
  const id = nameOf(arrival);
  if (id === undefined) return undefined;
  const surplus = ({ amount }: Transit): DecimalString => subtract(amount, arrival.amount);
  return possible
    .filter((one) => nameOf(one) === id && compare(one.amount, arrival.amount) >= 0)
    .reduce<Transit | undefined>(
      (best, one) => (best === undefined || compare(surplus(one), surplus(best)) < 0 ? one : best),
      undefined,
    );
}

function bySameAmount(possible: readonly Transit[], account: string, arrival: Arrival): Transit | undefined {
  return possible.find(
    (one) =>
      one.account !== account &&
      one.leftAtMs >= arrival.atMs - SAME_AMOUNT_WITHIN_MS &&
      (one.transactionId === undefined || arrival.transactionId === undefined) &&
      compare(one.amount, arrival.amount) === 0,
  );
}

/** Exchanges write the same hash with and without 0x, in small letters or large. */
function nameOf({ transactionId, moveId }: Pick<Arrival, 'transactionId' | 'moveId'>): string | undefined {
  const id = (transactionId ?? moveId)?.trim().toLowerCase().replace(/^0x/, '');
  return id === '' ? undefined : id;
}
