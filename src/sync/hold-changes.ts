import type { GuardSnapshot } from '../exchange/guard/guard-state.js';

/** What has become of holds: those that are new or last differently now, and those that are no more. */
export interface HoldChanges {
  readonly written: GuardSnapshot;
  readonly ended: GuardSnapshot;
}

type Subjects<Hold> = Readonly<Record<string, Hold>>;
type Lasting = { readonly untilMs: number };

export function changesBetween(before: GuardSnapshot, now: GuardSnapshot): HoldChanges {
  return {
    written: eachKind(now, before, (held, known) =>
      picked(held, (subject, { untilMs }) => known[subject]?.untilMs !== untilMs),
    ),
    ended: eachKind(before, now, (known, held) => picked(known, (subject) => held[subject] === undefined)),
  };
}

export function isNoChange({ written, ended }: HoldChanges): boolean {
  return [written, ended].every((holds) =>
    Object.values(holds).every((subjects) => Object.keys(subjects).length === 0),
  );
}

/** What is stored after the changes were. */
export function withChanges(stored: GuardSnapshot, { written, ended }: HoldChanges): GuardSnapshot {
  const left = eachKind(stored, ended, (holds, gone) =>
    picked(holds, (subject, { untilMs }) => !(untilMs <= (gone[subject]?.untilMs ?? -1))),
  );
  return eachKind(left, written, (holds, added) => ({ ...holds, ...added }));
}

function eachKind(
  one: GuardSnapshot,
  other: GuardSnapshot,
  combine: <Hold extends Lasting>(one: Subjects<Hold>, other: Subjects<Hold>) => Subjects<Hold>,
): GuardSnapshot {
  return {
    circuits: combine(one.circuits, other.circuits),
    limits: combine(one.limits, other.limits),
    suspensions: combine(one.suspensions, other.suspensions),
  };
}

function picked<Hold>(
  holds: Subjects<Hold>,
  isWanted: (subject: string, hold: Hold) => boolean,
): Subjects<Hold> {
  return Object.fromEntries(Object.entries(holds).filter(([subject, hold]) => isWanted(subject, hold)));
}
