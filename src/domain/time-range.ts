/** A half-open range `[fromMs, toMs)` of an exchange's time, in milliseconds since the epoch. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}
