import type { HostApi, WorkerApi } from './worker-api.js';

/** The names of an API's methods; one that is missing does not compile. */
export type MethodTable<Api> = Readonly<Record<keyof Api, true>>;

export const WORKER_METHODS: MethodTable<WorkerApi> = {
  triggerSync: true,
  plan: true,
  syncAll: true,
  testCredentials: true,
  status: true,
  portfolio: true,
  history: true,
  mirror: true,
  backfill: true,
  repair: true,
  coverage: true,
  proof: true,
  migrate: true,
  backup: true,
  restore: true,
  ping: true,
};

export const HOST_METHODS: MethodTable<HostApi> = { listAccounts: true, resolveCredentials: true };

/** An object with these methods, all of which are `call`. */
export function stubs<Api extends object>(
  methods: MethodTable<Api>,
  call: (method: keyof Api & string, args: readonly unknown[]) => Promise<unknown>,
): Api {
  const names = Object.keys(methods) as (keyof Api & string)[];
  const entries = names.map((name) => [name, (...args: readonly unknown[]) => call(name, args)]);
  return Object.freeze(Object.fromEntries(entries)) as Api;
}

/** Calls a method that is known by name only. */
export async function invoke<Api extends object>(
  api: Api,
  method: keyof Api,
  args: readonly unknown[],
): Promise<unknown> {
  const implementation = api[method] as (...args: readonly unknown[]) => unknown;
  return await implementation.apply(api, [...args]);
}
