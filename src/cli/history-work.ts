import type { HistoryChunk } from '../domain/backfill-report.js';
import { type BackfillReport, exchangeDataSynchronizer, type StartOptions } from '../index.js';
import { passphraseAtStart } from './ask-passphrase.js';
import { BackfillProgress } from './backfill-progress.js';
import { ExitCode } from './exit-code.js';
import { type Flags, startOptions } from './flags.js';
import type { Terminal } from './output.js';
import { Prompt } from './prompt.js';
import { untilSignal } from './signals.js';
import { WatchedLine } from './watched-line.js';

export interface HistoryWork {
  readonly start: (options: StartOptions) => Promise<BackfillReport>;
  /** What a person reads at the end. */
  readonly describe: (report: BackfillReport) => string;
  readonly exitCode: (report: BackfillReport) => ExitCode;
}

/**
 * A backfill or a repair: a bar for who watches, a line of JSON for each chunk and one for the result in a pipe or
 * where that is asked for. A signal stops it; what was read stays.
 */
export async function runHistoryWork(work: HistoryWork, flags: Flags, terminal: Terminal): Promise<ExitCode> {
  const forPrograms = flags.json === true || terminal.out.isTTY !== true;
  const line = new WatchedLine(terminal.err);
  // Who asks for a level gets the log; it would be written across the bar.
  const hasBar = !forPrograms && line.isWatched && flags.logLevel === undefined;
  const progress = new BackfillProgress(performance.now());
  const onChunk = (chunk: HistoryChunk) => {
    progress.add(chunk);
    if (forPrograms) printLine(terminal, { type: 'chunk', ...chunk });
    else if (hasBar) line.show(progress.line(performance.now(), line.width));
  };
  const prompt = Prompt.open(terminal.err);
  const stopped = untilSignal();
  exchangeDataSynchronizer.on('history:chunk', onChunk);
  try {
    const options = {
      ...(hasBar && { logConsoleLevel: 'CRITICAL' }),
      ...startOptions(flags),
      vaultPassphrase: prompt && passphraseAtStart(prompt),
    };
    if (hasBar) line.show('Starting ...');
    const ended = await Promise.race([work.start(options), stopped.signal]);
    if (typeof ended === 'string') {
      await exchangeDataSynchronizer.stop();
      line.clear();
      terminal.err.write(STOPPED);
      return ExitCode[ended];
    }
    line.clear();
    if (forPrograms) printLine(terminal, { type: 'result', ...ended });
    else terminal.out.write(work.describe(ended));
    return work.exitCode(ended);
  } finally {
    line.clear();
    exchangeDataSynchronizer.off('history:chunk', onChunk);
    stopped.release();
    prompt?.close();
  }
}

const STOPPED = 'Stopped. What was read is stored; the same command goes on from there.\n';

function printLine(terminal: Terminal, value: unknown): void {
  terminal.out.write(`${JSON.stringify(value)}\n`);
}
