import { join } from 'node:path';
import pg from 'pg';
import type { EmbeddedConnection } from '#src/storage/embedded/embedded-postgres.js';
import { readPostmaster } from '#src/storage/embedded/postmaster.js';

export async function query(connection: EmbeddedConnection, text: string): Promise<unknown[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

export async function serverPid(dataDir: string): Promise<number> {
  const postmaster = await readPostmaster(join(dataDir, 'cluster', 'data'));
  if (postmaster === undefined) throw new Error(`no server runs in ${dataDir}`);
  return postmaster.pid;
}

/** The error a promise rejects with, undefined when it doesn't. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
