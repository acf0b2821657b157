/** SQL for how long it is until then, by the database's clock: a float8, which pg gives as a number. */
export function millisecondsUntil(time: string): string {
  return `(extract(epoch FROM ${time} - clock_timestamp()) * 1000)::float8`;
}
