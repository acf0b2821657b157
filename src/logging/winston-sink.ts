import winston from 'winston';
import type { LoggingSettings } from '../config/settings.js';
import { formatLine } from './line-format.js';
import type { LogSink } from './log-sink.js';
import { LOG_LEVELS, type LogRecord } from './logger.js';
import { redactor } from './redactor.js';
import { RotatedFiles } from './rotated-files.js';

/** After a failure (disk full, directory not writable) the files are tried again this much later. */
const RETRY_MS = 60_000;
/** A reader of our stderr that has stopped reading is waited for no longer than this at the end. */
const FLUSH_DEADLINE_MS = 2_000;

/** winston counts down: 0 is the most important. */
const WINSTON_LEVELS = Object.fromEntries(
  [...LOG_LEVELS].reverse().map((level, priority) => [level, priority]),
);

/** Console and rotated files through a winston logger of our own; winston's shared state stays untouched. */
export class WinstonSink implements LogSink {
  readonly #settings: LoggingSettings;
  readonly #now: () => number;
  readonly #console = new winston.transports.Console({
    format: lineFormat(process.stderr.isTTY === true),
    stderrLevels: [...LOG_LEVELS],
  });
  readonly #logger: winston.Logger;
  #files: RotatedFiles | undefined;
  readonly #closing = new Set<Promise<void>>();
  #retryAtMs = 0;
  #warned = false;
  #closed: Promise<void> | undefined;

  constructor(settings: LoggingSettings, now: () => number = Date.now) {
    this.#settings = settings;
    this.#now = now;
    this.#console.level = settings.consoleLevel;
    this.#logger = winston.createLogger({
      levels: WINSTON_LEVELS,
      level: settings.level,
      transports: [this.#console],
    });
    // Unheard errors would end the host's process, also that nobody reads stderr any more.
    this.#logger.on('error', (error) => this.#failFiles(error));
    process.stderr.on('error', ignoreBrokenPipe);
  }

  write(record: LogRecord): void {
    if (this.#closed !== undefined) return;
    if (this.#files === undefined && this.#now() >= this.#retryAtMs) this.#openFiles();
    this.#log(record);
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const consoleFinished = new Promise((resolve) => this.#console.once('finish', resolve));
    this.#logger.end();
    await Promise.all([consoleFinished, this.#files?.closed, ...this.#closing]);
    await flushedStderr();
    process.stderr.off('error', ignoreBrokenPipe);
  }

  #log(record: LogRecord): void {
    try {
      this.#logger.log({ level: record.level, message: record.message, record });
    } catch (error: unknown) {
      // Rotating into a directory that is gone throws here.
      this.#failFiles(error);
    }
  }

  #openFiles(): void {
    try {
      const files = new RotatedFiles(this.#settings.directory, lineFormat(false), (error) =>
        this.#failFiles(error, files),
      );
      this.#files = files;
      this.#console.level = this.#settings.consoleLevel;
      this.#logger.add(files.transport);
    } catch (error: unknown) {
      this.#failFiles(error);
    }
  }

  /** Goes on with the console alone, and says so once. */
  #failFiles(error: unknown, failed: RotatedFiles | undefined = this.#files): void {
    if (failed !== this.#files) return;
    this.#files = undefined;
    this.#retryAtMs = this.#now() + RETRY_MS;
    if (failed !== undefined) {
      this.#closing.add(failed.closed);
      this.#logger.remove(failed.transport);
    }
    // What the files would have held must not be lost because the console was told to be quiet.
    this.#console.level = this.#settings.level;
    if (this.#warned || this.#closed !== undefined) return;
    this.#warned = true;
    this.#log({
      level: 'WARNING',
      message: 'Log files cannot be written; only the console gets the log until they can',
      fields: redactor.fields({ directory: this.#settings.directory, error: String(error) }),
      timestampMs: this.#now(),
    });
  }
}

function lineFormat(coloured: boolean): winston.Logform.Format {
  return winston.format.printf((line) =>
    formatLine((line as unknown as { record: LogRecord }).record, coloured),
  );
}

function ignoreBrokenPipe(): void {
  // There is no other place to say it, and the files go on.
}

/** A pipe takes what it has room for; the rest waits in this process, and would be lost with it. */
function flushedStderr(): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(resolve, FLUSH_DEADLINE_MS);
    process.stderr.write('', () => {
      clearTimeout(deadline);
      resolve();
    });
  });
}
