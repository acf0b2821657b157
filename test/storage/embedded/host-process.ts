import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EmbeddedConnection } from '#src/storage/embedded/embedded-postgres.js';

export type HostEvent =
  | { event: 'started'; connection: EmbeddedConnection; adopted: boolean; dataDir: string }
  | { event: 'failed'; code: string; message: string }
  | { event: 'exit'; exit: { expected: boolean } }
  | { event: 'counted'; backend: number; adopted: boolean }
  | { event: 'interrupted' }
  | { event: 'stopped' };

type Started = Extract<HostEvent, { event: 'started' }>;

export interface HostOptions {
  readonly uid?: number;
  readonly gid?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly script?: string;
  /** A process group of its own, as a shell gives a job on a terminal. */
  readonly detached?: boolean;
}

/** A host in a process of its own. */
export class HostProcess {
  readonly process: ChildProcess;
  readonly exited: Promise<unknown>;

  constructor(dataDir: string, { uid, gid, env, script, detached = false }: HostOptions = {}) {
    this.process = fork(script ?? fileURLToPath(new URL('./host.js', import.meta.url)), [dataDir], {
      cwd: '/',
      detached,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      env: { ...process.env, ...env },
      ...(uid === undefined ? {} : { uid, gid }),
    } as Parameters<typeof fork>[2]);
    this.exited = once(this.process, 'exit');
  }

  async next(): Promise<HostEvent> {
    const [event] = (await once(this.process, 'message')) as [HostEvent];
    return event;
  }

  async started(): Promise<Started> {
    const event = await this.next();
    if (event.event !== 'started') throw new Error(`the host did not start: ${JSON.stringify(event)}`);
    return event;
  }

  /** The backend that answers a host which keeps a connection; waits until one does. */
  async count(): Promise<Extract<HostEvent, { event: 'counted' }>> {
    const answer = this.next();
    this.process.send('count');
    const event = await answer;
    if (event.event !== 'counted') throw new Error(`the host has no server: ${JSON.stringify(event)}`);
    return event;
  }

  async stop(): Promise<void> {
    this.process.send('stop');
    await this.exited;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    this.process.kill(signal);
    await this.exited;
  }
}
