import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from '../../support/until.js';

const CLI = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** The command line at a pseudo-terminal, as a person sees it. */
export class Terminal {
  readonly #child: ChildProcess;
  readonly #ended: Promise<number>;
  #shown = '';

  constructor(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string, stdinFile?: string) {
    const command = [process.execPath, CLI, ...args].map((word) => `'${word}'`).join(' ');
    const redirected = stdinFile === undefined ? command : `${command} < '${stdinFile}'`;
    // script(1) makes a terminal, echoes as terminals do, and ends with the program's exit code.
    this.#child = spawn('script', ['-qefc', redirected, '/dev/null'], { cwd, env, stdio: 'pipe' });
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text;
    });
    this.#ended = once(this.#child, 'close').then(([code]) => code as number);
  }

  /** Everything on the screen so far, echoes included. */
  get shown(): string {
    return this.#shown;
  }

  /** Waits for the prompt, then types. */
  async answer(prompt: RegExp, text: string): Promise<void> {
    await until(`${prompt} on the screen:\n${this.#shown}`, () => prompt.test(this.#shown));
    this.#shown = this.#shown.replace(prompt, '[answered]');
    this.#child.stdin?.write(text);
  }

  async ended(): Promise<number> {
    return await this.#ended;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
