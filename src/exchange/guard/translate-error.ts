import { ExchangeSyncError } from '../../domain/errors.js';
import { type AnswerFacts, factsOf } from '../ccxt/answer-facts.js';
import { classNames, isCcxtError } from '../ccxt/ccxt-error.js';
import type { ErrorMeaning, ErrorTable } from '../profiles/profile.js';
import { BARE_STATUS_MEANINGS, CLASS_MEANINGS, type ClassMeaning, STATUS_MEANINGS } from './ccxt-classes.js';
import { explain, type Situation } from './explain.js';
import { type Failure, type Hold, reactionTo } from './failure.js';
import { holdEnd, UNSTATED_HOLD_MS } from './hold-end.js';
import type { Redactor } from './redactor.js';

export interface Translation {
  readonly errors: ErrorTable;
  readonly redactor: Redactor;
  readonly situation: Situation;
  /** The account's key has been answered by some scope. */
  readonly answered: boolean;
  readonly nowMs: number;
}

/** Turns whatever an attempt threw into a coded error without secrets, and says what follows from it. */
export function translateError(error: unknown, translation: Translation): Failure {
  const meaning = meaningOf(error, translation.errors);
  const settled: ClassMeaning = (translation.answered && meaning.onceAnswered) || meaning;
  const reaction = reactionTo(settled.error);
  const hold = holdOf(error, settled, translation.nowMs);
  return {
    error: codedError(error, settled, translation, hold),
    retry: (settled as ClassMeaning).retry ?? reaction.retry,
    circuit: reaction.circuit,
    suspends: settled.suspends,
    ...(hold === undefined ? {} : { hold }),
    ...(settled.onceAnswered === undefined
      ? {}
      : { ifKeyIsGood: translateError(error, { ...translation, answered: true }) }),
  };
}

function meaningOf(error: unknown, { codes, statuses }: ErrorTable): ClassMeaning {
  if (error instanceof ExchangeSyncError) return ownMeaning(error);
  if (!isCcxtError(error)) return { error: 'INTERNAL', suspends: 'nothing' };
  const facts = factsOf(error);
  return (
    (facts?.exchangeCode === undefined ? undefined : codes[facts.exchangeCode]) ??
    (facts === undefined ? undefined : statusMeaning(facts, statuses)) ??
    classMeaning(error, facts)
  );
}

function ownMeaning(error: ExchangeSyncError): ClassMeaning {
  const meaning: ClassMeaning = { error: error.code, suspends: 'nothing' };
  // Without an answer it is the limiter that refused: the wait would outlast the caller's patience.
  const refusedHere =
    factsOf(error) === undefined && (error.code === 'RATE_LIMITED' || error.code === 'BANNED');
  return refusedHere ? { ...meaning, retry: 'never' } : meaning;
}

function statusMeaning(
  { httpStatus, statusOnly }: AnswerFacts,
  statuses: ErrorTable['statuses'],
): ErrorMeaning | undefined {
  const bare = statusOnly ? BARE_STATUS_MEANINGS[httpStatus] : undefined;
  return statuses[httpStatus] ?? STATUS_MEANINGS[httpStatus] ?? bare;
}

function classMeaning(error: Error, facts: AnswerFacts | undefined): ClassMeaning {
  for (const name of classNames(error)) {
    const meaning = CLASS_MEANINGS[name];
    // Without a word of the exchange's own, nothing proves that the key itself is bad.
    if (meaning?.suspends === 'account' && facts?.statusOnly !== false) {
      return { error: meaning.error, suspends: 'nothing' };
    }
    if (meaning !== undefined) return unknownAndFailing(name, facts) ? SERVER_FAILED : meaning;
  }
  return { error: 'EXCHANGE_REJECTED', suspends: 'nothing' };
}

const SERVER_FAILED: ClassMeaning = { error: 'EXCHANGE_UNAVAILABLE', suspends: 'nothing' };

/** A code that ccxt does not know either, in an answer that says itself that the server failed. */
function unknownAndFailing(name: string, facts: AnswerFacts | undefined): boolean {
  return name === 'ExchangeError' && facts !== undefined && facts.httpStatus >= 500;
}

function holdOf(error: unknown, meaning: ErrorMeaning, nowMs: number): Hold | undefined {
  const facts = factsOf(error);
  if (facts === undefined || (meaning.error !== 'RATE_LIMITED' && meaning.error !== 'BANNED'))
    return undefined;
  const untilMs = holdEnd(facts, nowMs) ?? nowMs + UNSTATED_HOLD_MS[meaning.error];
  return { who: meaning.holds ?? 'ip', untilMs };
}

function codedError(
  error: unknown,
  meaning: ErrorMeaning,
  { redactor, situation }: Translation,
  hold: Hold | undefined,
): ExchangeSyncError {
  const facts = factsOf(error);
  const told = isCcxtError(error) ? facts?.exchangeMessage : undefined;
  const said = redactor.text(told ?? messageOf(error));
  const code = facts?.exchangeCode === undefined ? '' : ` (code ${redactor.text(facts.exchangeCode)})`;
  const { exchange, account, scope, method } = situation;
  return new ExchangeSyncError(
    meaning.error,
    explain(meaning.error, said + code, meaning.remedy, situation),
    {
      details: {
        ...(error instanceof ExchangeSyncError ? error.details : { ccxtError: classNames(error)[0] }),
        exchange,
        ...(account === undefined ? {} : { account }),
        scope,
        method,
        ...(facts === undefined ? {} : { httpStatus: facts.httpStatus }),
        ...(facts?.exchangeCode === undefined ? {} : { exchangeCode: redactor.text(facts.exchangeCode) }),
        ...(hold === undefined ? {} : { until: new Date(hold.untilMs).toISOString() }),
      },
      cause: redactor.error(error),
    },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
