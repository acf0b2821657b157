import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from '../../support/until.js';

/** The built command line. */
export const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  /** All of its environment: nothing is inherited. */
  readonly env: NodeJS.ProcessEnv;
  /** Its input stays open for `ask`. */
  readonly conversing?: boolean;
}

/** A program in a process of its own, with everything it printed. */
export class Program {
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;

  constructor(command: string, args: readonly string[], options: ProgramOptions) {
    const { cwd, env, conversing = false } = options;
    this.#child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
    // A program that ends without reading to the end.
    this.#child.stdin?.on('error', () => undefined);
    if (!conversing) this.#child.stdin?.end();
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    this.ended = once(this.#child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      stdout: this.stdout,
      stderr: this.stderr,
    }));
    // Whoever waits for it learns of a program that could not be started; nobody has to.
    this.ended.catch(() => undefined);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends a line and resolves with the line of JSON that answers it. */
  async ask<Answer>(line: string, deadlineMs?: number): Promise<Answer> {
    const known = this.stdout.split('\n').length;
    this.#child.stdin?.write(`${line}\n`);
    return await until(
      `an answer to ${line}`,
      () => {
        const lines = this.stdout.split('\n');
        if (lines.length > known) return JSON.parse(lines[known - 1] ?? '') as Answer;
        if (this.hasEnded) throw new Error(`ended without an answer to ${line}:\n${this.stderr}`);
        return undefined;
      },
      deadlineMs,
    );
  }

  /** What a shell's ^D does. */
  endInput(): void {
    this.#child.stdin?.end();
  }

  /** Resolves once its output has that; rejects when it ends without. */
  async printed(pattern: RegExp, deadlineMs?: number): Promise<RegExpExecArray> {
    return await until(
      `${pattern} in the program's output`,
      () => {
        const found = pattern.exec(`${this.stdout}\n${this.stderr}`);
        if (found !== null) return found;
        if (this.hasEnded) throw new Error(`ended without ${pattern}:\n${this.stdout}\n${this.stderr}`);
        return undefined;
      },
      deadlineMs,
    );
  }
}
