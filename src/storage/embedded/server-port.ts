import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { writeFileAtomically } from '../../files/atomic-file.js';
import { hasCode } from '../../files/error-code.js';
import type { DataLocation } from './data-location.js';
import { LOOPBACK } from './postmaster.js';

/**
 * The port of last time, so that what a person configured elsewhere goes on working; where that is taken, or there
 * was none, one that nobody listens on at this moment. Somebody may before the server does.
 */
export async function choosePort(directory: string): Promise<number> {
  const last = await lastPort(directory);
  return last !== undefined && (await isPortFree(last)) ? last : freePort();
}

export function rememberPort({ directory, owner }: DataLocation, port: number): Promise<void> {
  return writeFileAtomically(stateFileIn(directory), JSON.stringify({ port }), owner);
}

async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('the system gave out a port that is taken');
  return port;
}

export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== undefined;
}

async function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if (hasCode(error, 'EADDRINUSE', 'EACCES')) return undefined;
    throw error;
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

async function lastPort(directory: string): Promise<number | undefined> {
  try {
    const { port } = JSON.parse(await readFile(stateFileIn(directory), 'utf8')) as { port?: unknown };
    return typeof port === 'number' ? port : undefined;
  } catch (error) {
    // It is only a preference: without a readable one any free port will do.
    if (error instanceof SyntaxError || hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function stateFileIn(directory: string): string {
  return join(directory, 'server.json');
}
