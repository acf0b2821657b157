/** Whether a system call failed with one of these codes, e.g. `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code !== undefined && codes.includes(code);
}
