import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { hasCode } from './failure.js';
import { LOOPBACK } from './postmaster.js';

/** A port that nobody listens on at this moment; somebody may before the server does. */
export async function freePort(): Promise<number> {
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
