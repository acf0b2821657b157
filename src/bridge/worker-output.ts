import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';

/** Told what a library printed in the worker, instead of its standard streams. */
export type OnOutput = (stream: 'stdout' | 'stderr', text: string) => void;

const MAX_TEXT_LENGTH = 2_000;

/** Printed text would end up between the JSON lines of a program that reads the host's output. */
export function captureOutput(worker: Worker, onOutput: OnOutput): void {
  capture('stdout', worker.stdout);
  capture('stderr', worker.stderr);

  function capture(name: 'stdout' | 'stderr', stream: Readable): void {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const text = chunk.trim().slice(0, MAX_TEXT_LENGTH);
      if (text !== '') onOutput(name, text);
    });
  }
}
