/** A body whose recorder quoted every number, so that its strings may be numbers on the wire. */
export class Quoted {
  readonly body: unknown;
  constructor(body: unknown) {
    this.body = body;
  }
}

/** Every path of the bodies with the JSON types it has; lists count as one, `[]`. */
export function shape(bodies: readonly unknown[]): Map<string, Set<string>> {
  const types = new Map<string, Set<string>>();
  const add = (path: string, type: string) => types.set(path, (types.get(path) ?? new Set()).add(type));
  const visit = (value: unknown, path: string, isQuoted: boolean): void => {
    if (Array.isArray(value)) {
      add(path, 'list');
      for (const item of value) visit(item, `${path}[]`, isQuoted);
    } else if (typeof value === 'object' && value !== null) {
      add(path, 'object');
      for (const [name, item] of Object.entries(value)) {
        visit(item, path === '' ? name : `${path}.${name}`, isQuoted);
      }
    } else {
      add(path, value === null ? 'null' : typeof value);
      if (isQuoted && typeof value === 'string') add(path, 'number');
    }
  };
  for (const body of bodies) {
    if (body instanceof Quoted) visit(body.body, '', true);
    else visit(body, '', false);
  }
  return types;
}
