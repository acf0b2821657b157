/** By name, because every exchange's module brings the same class by another path. */
export function isOrderNotFound(error: unknown): boolean {
  return error instanceof Error && error.name === 'OrderNotFound';
}
