import type { Readable } from 'node:stream';
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../domain/clock.js';
import type { LogLevel } from '../logging/logger.js';
import type { SendNotice } from './protocol.js';

const MAX_TEXT_LENGTH = 2_000;

/**
 * What libraries print in the worker becomes log records: printed text would end up between the JSON lines
 * of a program that reads the host's output.
 */
export function forwardOutput(worker: Worker, send: SendNotice, clock: Clock): void {
  forward(worker.stdout, 'DEBUG');
  forward(worker.stderr, 'WARNING');

  function forward(stream: Readable, level: LogLevel): void {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      const text = chunk.trim().slice(0, MAX_TEXT_LENGTH);
      if (text === '') return;
      const record = { level, message: 'The worker printed', fields: { text }, timestampMs: clock.now() };
      send({ kind: 'log', record });
    });
  }
}
