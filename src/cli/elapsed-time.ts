const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `45 s`, `12 min`, `3 h`, `2 d`: whole units, rounded down, to be read at a glance. */
export function formatElapsed(elapsedMs: number): string {
  const ms = Math.max(elapsedMs, 0);
  const [unit, unitMs] = UNITS.find(([, unitMs]) => ms >= unitMs) ?? UNITS[3];
  return `${Math.floor(ms / unitMs)} ${unit}`;
}

/** `12 min ago`; null stays unknown. */
export function formatAgo(iso: string | null, nowMs: number): string | null {
  return iso === null ? null : `${formatElapsed(nowMs - Date.parse(iso))} ago`;
}

/** `in 12 min`, or since when it is overdue. */
export function formatDue(iso: string | null, nowMs: number): string | null {
  if (iso === null) return null;
  const untilMs = Date.parse(iso) - nowMs;
  return untilMs >= 0 ? `in ${formatElapsed(untilMs)}` : `${formatElapsed(-untilMs)} late`;
}
