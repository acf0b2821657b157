import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { SimulatorReady } from '../../simulator/main.js';
import type { Truth } from '../../simulator/truth.js';

/** The simulated exchanges as a process of their own, reached over HTTP like real ones. */
export class SimulatorProcess {
  readonly ready: SimulatorReady;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: SimulatorReady) {
    this.#child = child;
    this.ready = ready;
  }

  static async start(): Promise<SimulatorProcess> {
    const entry = new URL('../../simulator/main.js', import.meta.url);
    // Without the environment: real keys may be in it.
    const child = fork(entry, { env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`The simulated exchanges ended with code ${code} before they were ready.`);
    });
    const [ready] = await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined);
    return new SimulatorProcess(child, ready as SimulatorReady);
  }

  /** What is true in the simulated world now. */
  truth(): Promise<Truth> {
    return this.#control('GET', 'truth') as Promise<Truth>;
  }

  /** Moves the market and lets people trade. */
  async advance(steps: number): Promise<void> {
    await this.#control('POST', 'advance', { steps });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }

  async #control(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.ready.url}/control/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`The simulator answered ${response.status} to ${method} ${path}.`);
    return await response.json();
  }
}
