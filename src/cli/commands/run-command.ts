import type { Command } from 'commander';
import type { SyncReport } from '../../domain/report.js';
import { exchangeDataSynchronizer, type StartOptions } from '../../index.js';
import { passphraseAtStart } from '../ask-passphrase.js';
import { ExitCode, exitCodeOfReports } from '../exit-code.js';
import { type Flags, startOptions, withSettingsFlags } from '../flags.js';
import { printJson, type Terminal } from '../output.js';
import { ProgressLine } from '../progress-line.js';
import { Prompt } from '../prompt.js';
import { formatReports } from '../report-table.js';
import { untilSignal } from '../signals.js';

interface RunFlags extends Flags {
  readonly oneTime?: boolean;
}

/** `run`: the service, until it is stopped by a signal; `run --one-time`: everything once. */
export function addRunCommand(program: Command, terminal: Terminal, exit: (code: ExitCode) => void): void {
  withSettingsFlags(
    program
      .command('run')
      .description('keep the database up to date until SIGINT or SIGTERM')
      .option('--one-time', 'Sync everything once, print the reports and exit.'),
    ['intervalMinutes', 'vaultFile', 'vaultKeyFile'],
  ).action(async (flags: RunFlags) => {
    const prompt = Prompt.open(terminal.err);
    const options = {
      ...startOptions(flags),
      vaultPassphrase: prompt && passphraseAtStart(prompt),
    };
    try {
      exit(await (flags.oneTime === true ? runOneTime : runService)(flags, options, terminal));
    } finally {
      prompt?.close();
    }
  });
}

async function runOneTime(flags: RunFlags, options: StartOptions, terminal: Terminal): Promise<ExitCode> {
  const progress = new ProgressLine(terminal.err);
  // One line for a person, whose reports say what went wrong; whoever asks for a level gets the log.
  const watched = terminal.err.isTTY === true && flags.logLevel === undefined;
  if (watched) progress.follow(exchangeDataSynchronizer);
  const stopped = untilSignal();
  try {
    const ended = await Promise.race([
      exchangeDataSynchronizer.runOnce({
        ...(watched && { logConsoleLevel: 'CRITICAL' }),
        ...options,
      }),
      stopped.signal,
    ]);
    if (typeof ended === 'string') {
      await exchangeDataSynchronizer.stop();
      return ExitCode[ended];
    }
    progress.clear();
    printReports(ended, flags, terminal);
    return exitCodeOfReports(ended);
  } finally {
    progress.clear();
    stopped.release();
  }
}

async function runService(flags: RunFlags, options: StartOptions, terminal: Terminal): Promise<ExitCode> {
  const stopped = untilSignal();
  try {
    if (flags.json === true) {
      exchangeDataSynchronizer.on('sync:report', (report) => {
        terminal.out.write(`${JSON.stringify(report)}\n`);
      });
    }
    const started = exchangeDataSynchronizer.start(options);
    // Bad configuration ends the service at once; what comes later is retried and logged.
    await Promise.race([started, stopped.signal]);
    const signal = await stopped.signal;
    await exchangeDataSynchronizer.stop();
    return ExitCode[signal];
  } finally {
    stopped.release();
  }
}

function printReports(reports: readonly SyncReport[], flags: RunFlags, terminal: Terminal): void {
  if (flags.json === true) printJson(terminal, reports);
  else terminal.out.write(formatReports(reports, terminal.out));
}
