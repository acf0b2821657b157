import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import sinon from 'sinon';
import { compileSettings } from '#src/config/compile-settings.js';
import { createLogger } from '#src/logging/create-logger.js';
import { createLogSink } from '#src/logging/log-sink.js';
import { WinstonSink } from '#src/logging/winston-sink.js';

const WRITE_LOG = fileURLToPath(new URL('./fixtures/write-log.js', import.meta.url));
const DAY_MS = 24 * 60 * 60 * 1000;

interface Outcome {
  readonly exitCode: number | null;
  readonly stderr: string;
}

function writeLog(
  directory: string,
  lines: number,
  padding = 0,
  stderrTo: 'pipe' | 'ignore' = 'pipe',
): Promise<Outcome> {
  const child = spawn(process.execPath, [WRITE_LOG, directory, String(lines), String(padding)], {
    stdio: ['ignore', 'ignore', stderrTo],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stderr }));
  });
}

/** The exit code of a module in a process of its own, where nothing is loaded yet. */
async function run(script: string, argument: string): Promise<number | null> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, argument], { stdio: 'ignore' });
  const [exitCode] = await once(child, 'exit');
  return exitCode;
}

function logFiles(directory: string): readonly string[] {
  return readdirSync(directory).filter((name) => /^exchange_sync_.*\.log$/.test(name));
}

async function writtenToStderr(work: () => Promise<void>): Promise<string> {
  const written: string[] = [];
  sinon.replace(process.stderr, 'write', ((text: string, done?: () => void) => {
    written.push(text);
    if (typeof done === 'function') done();
    return true;
  }) as typeof process.stderr.write);
  try {
    await work();
  } finally {
    sinon.restore();
  }
  return written.join('');
}

function lineNumbers(text: string): readonly number[] {
  return [...text.matchAll(/ line=(\d+)/g)].map(([, number]) => Number(number));
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe('log sink', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'exchange-sync-log-'));
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('has every line in the file and on stderr when close resolves, even if the process leaves at once', async () => {
    const logs = join(directory, 'made', 'on', 'demand');
    const { exitCode, stderr } = await writeLog(logs, 20_000);
    expect(exitCode).to.equal(0);
    const [file = ''] = logFiles(logs);
    const text = readFileSync(join(logs, file), 'utf8');
    expect(lineNumbers(text)).to.deep.equal(upTo(20_000));
    expect(text.split('\n')[0]).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z INFO {5}\[run-1\] Line line=0/);
    expect(lineNumbers(stderr)).to.deep.equal(upTo(20_000));
  });

  it('writes plain text into a pipe', async () => {
    const { stderr } = await writeLog(directory, 1);
    expect(stderr).not.to.include('\u001b');
  });

  it('rotates at 10 MB without losing a line, in files that only their owner can read', async () => {
    // Without a console to wait for, only waiting for every file keeps the lines.
    await writeLog(directory, 12_000, 1_900, 'ignore');
    const files = logFiles(directory);
    expect(files).to.have.length(3);
    const numbers: number[] = [];
    for (const file of files) {
      const { size, mode } = statSync(join(directory, file));
      expect(size).to.be.below(11 * 1024 * 1024);
      expect(mode & 0o777).to.equal(0o600);
      numbers.push(...lineNumbers(readFileSync(join(directory, file), 'utf8')));
    }
    expect(numbers.sort((a, b) => a - b)).to.deep.equal(upTo(12_000));
  });

  it('removes its own files after 7 days and nothing else', async () => {
    const ageDays = { 'exchange_sync_old.log': 8, 'exchange_sync_new.log': 6, 'books.log': 30 };
    for (const [name, days] of Object.entries(ageDays)) {
      writeFileSync(join(directory, name), 'x');
      const modified = new Date(Date.now() - days * DAY_MS);
      utimesSync(join(directory, name), modified, modified);
    }
    await writeLog(directory, 2_000);
    expect(existsSync(join(directory, 'exchange_sync_old.log'))).to.equal(false);
    expect(existsSync(join(directory, 'exchange_sync_new.log'))).to.equal(true);
    expect(existsSync(join(directory, 'books.log'))).to.equal(true);
  });

  for (const [what, spoil] of Object.entries({
    'a directory that cannot be made': () => writeFileSync(join(directory, 'logs'), ''),
    'a full disk': () => {
      mkdirSync(join(directory, 'logs'));
      // The rotator names files by local date.
      const { year, month, day } = localDate();
      symlinkSync('/dev/full', join(directory, 'logs', `exchange_sync_${year}-${month}-${day}.log`));
    },
  })) {
    it(`goes on with the console after ${what}, and says so once`, async () => {
      spoil();
      const { exitCode, stderr } = await writeLog(join(directory, 'logs'), 5_000);
      expect(exitCode).to.equal(0);
      expect(stderr.match(/Log files cannot be written/g)).to.have.length(1);
      expect(lineNumbers(stderr)).to.deep.equal(upTo(5_000));
    });
  }

  it('tries the files again after a minute, and does not warn again', async () => {
    const blocked = join(directory, 'logs');
    writeFileSync(blocked, '');
    const written = await writtenToStderr(async () => {
      let nowMs = 0;
      const sink = new WinstonSink({ level: 'INFO', consoleLevel: 'INFO', directory: blocked }, () => nowMs);
      const logger = createLogger((record) => sink.write(record));
      logger.info('Line', { line: 0 });
      nowMs += 61_000;
      logger.info('Line', { line: 1 });
      rmSync(blocked);
      logger.info('Line', { line: 2 });
      nowMs += 61_000;
      logger.info('Line', { line: 3 });
      await sink.close();
    });
    expect(written.match(/Log files cannot be written/g)).to.have.length(1);
    expect(lineNumbers(written)).to.deep.equal([0, 1, 2, 3]);
    const [file = ''] = logFiles(blocked);
    expect(lineNumbers(readFileSync(join(blocked, file), 'utf8'))).to.deep.equal([3]);
  });

  it('keeps from the console what is below its own level, and nothing from the files', async () => {
    const written = await writtenToStderr(async () => {
      const { settings } = compileSettings({ logDir: directory, logConsoleLevel: 'ERROR' }, {});
      const sink = await createLogSink({ settings });
      const logger = createLogger((record) => sink.write(record));
      logger.info('Line', { line: 0 });
      logger.error('Line', { line: 1 });
      await sink.close();
    });
    expect(lineNumbers(written)).to.deep.equal([1]);
    const [file = ''] = logFiles(directory);
    expect(lineNumbers(readFileSync(join(directory, file), 'utf8'))).to.deep.equal([0, 1]);
  });

  it('gives a quiet console everything while the files cannot be written', async () => {
    const blocked = join(directory, 'logs');
    writeFileSync(blocked, '');
    const written = await writtenToStderr(async () => {
      const sink = new WinstonSink({ level: 'INFO', consoleLevel: 'CRITICAL', directory: blocked });
      createLogger((record) => sink.write(record)).info('Line', { line: 0 });
      await sink.close();
    });
    expect(written).to.contain('Log files cannot be written');
    expect(lineNumbers(written)).to.deep.equal([0]);
  });

  it('survives a reader of its stderr that goes away', async () => {
    const child = spawn(process.execPath, [WRITE_LOG, directory, '20000', '0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.once('data', () => child.stderr.destroy());
    const [exitCode] = await once(child, 'exit');
    expect(exitCode).to.equal(0);
    const [file = ''] = logFiles(directory);
    expect(lineNumbers(readFileSync(join(directory, file), 'utf8'))).to.deep.equal(upTo(20_000));
  });

  it("touches none of winston's shared state", async () => {
    const script = `
      import winston from 'winston';
      import { compileSettings } from '#src/config/compile-settings.js';
      import { createLogSink } from '#src/logging/log-sink.js';
import { WinstonSink } from '#src/logging/winston-sink.js';
      const state = () => JSON.stringify([Object.keys(winston.transports), [...winston.loggers.loggers.keys()], winston.level]);
      const before = state();
      const { settings } = compileSettings({ logDir: process.argv[1] }, {});
      const sink = await createLogSink({ settings });
      sink.write({ level: 'INFO', message: 'x', fields: {}, timestampMs: 0 });
      await sink.close();
      process.exit(state() === before && before !== '' ? 0 : 1);`;
    expect(await run(script, directory)).to.equal(0);
  });

  it("does not load winston for a host's logger", async () => {
    const script = `
      import Module from 'node:module';
      import { compileSettings } from '#src/config/compile-settings.js';
      import { createLogSink } from '#src/logging/log-sink.js';
      const { settings } = compileSettings({ logDir: process.argv[1] }, {});
      const loaded = () => Object.keys(Module._cache).some((path) => path.includes('/winston/'));
      await createLogSink({ settings, hostLogger: { log() {} } });
      const loadedForHost = loaded();
      await createLogSink({ settings });
      process.exit(!loadedForHost && loaded() ? 0 : 1);`;
    expect(await run(script, directory)).to.equal(0);
  });

  it("gives everything to a host's logger instead, and survives its failures", async () => {
    const { settings } = compileSettings({ logDir: join(directory, 'logs') }, {});
    const lines: string[] = [];
    const hostLogger = {
      log(level: string, message: string) {
        lines.push(`${level} ${message}`);
        throw new Error('the host failed');
      },
    };
    const sink = await createLogSink({ settings, hostLogger });
    createLogger((record) => sink.write(record)).info('Hello');
    await sink.close();
    expect(lines).to.deep.equal(['info Hello']);
    expect(existsSync(join(directory, 'logs'))).to.equal(false);
  });
});

function localDate(): { year: string; month: string; day: string } {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, '0');
  return { year: String(now.getFullYear()), month: two(now.getMonth() + 1), day: two(now.getDate()) };
}
