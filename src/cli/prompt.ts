import { openSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { ReadStream } from 'node:tty';
import { ExchangeSyncError } from '../domain/errors.js';

/** Ctrl-C or Ctrl-D at a prompt. */
export class PromptInterrupted extends ExchangeSyncError {
  constructor() {
    super('ABORTED', 'Interrupted at the prompt; nothing was changed.');
  }
}

interface Waiting {
  readonly resolve: (line: string) => void;
  readonly reject: (error: Error) => void;
}

/** Asks a person at a terminal. What is typed at a hidden prompt is echoed nowhere. */
export class Prompt {
  readonly #input: NodeJS.ReadableStream & { destroy?: () => void };
  readonly #output: NodeJS.WriteStream;
  readonly #lines: string[] = [];
  #interface: Interface | undefined;
  #waiting: Waiting | undefined;
  #echoes = false;

  private constructor(input: NodeJS.ReadableStream, output: NodeJS.WriteStream) {
    this.#input = input;
    this.#output = output;
  }

  /** `undefined`: nobody is there. `evenIfPiped`: also where stdin is a pipe and the process has a terminal all the same. */
  static open(output: NodeJS.WriteStream, { evenIfPiped = false } = {}): Prompt | undefined {
    if (process.stdin.isTTY) return new Prompt(process.stdin, output);
    if (!evenIfPiped || process.platform === 'win32') return undefined;
    try {
      return new Prompt(new ReadStream(openSync('/dev/tty', 'r')), output);
    } catch {
      // A process without a terminal has no such device.
      return undefined;
    }
  }

  hidden(question: string): Promise<string> {
    return this.#ask(question, false);
  }

  async confirm(question: string): Promise<boolean> {
    const answer = await this.#ask(`${question} [y/N] `, true);
    return /^y(es)?$/i.test(answer.trim());
  }

  /** Gives the terminal back. */
  close(): void {
    this.#interface?.close();
    if (this.#input !== process.stdin) this.#input.destroy?.();
  }

  async #ask(question: string, echoes: boolean): Promise<string> {
    // The terminal stops echoing by this, before anybody is asked to type.
    this.#interface ??= this.#openInterface();
    this.#output.write(question);
    this.#echoes = echoes;
    try {
      return this.#lines.shift() ?? (await this.#nextLine());
    } finally {
      this.#echoes = false;
      if (!echoes) this.#output.write('\n');
    }
  }

  #nextLine(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #openInterface(): Interface {
    const output = new Writable({
      write: (chunk, _encoding, done) => {
        if (this.#echoes) this.#output.write(chunk);
        done();
      },
    });
    const lines = createInterface({ input: this.#input, output, terminal: true, historySize: 0 });
    lines.on('line', (line) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      // Several lines may be pasted at once.
      if (waiting === undefined) this.#lines.push(line);
      else waiting.resolve(line);
    });
    const interrupted = () => {
      this.#waiting?.reject(new PromptInterrupted());
      this.#waiting = undefined;
    };
    lines.on('SIGINT', interrupted).on('close', interrupted);
    return lines;
  }
}
