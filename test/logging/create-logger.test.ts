import { expect } from 'chai';
import { createLogger } from '#src/logging/create-logger.js';
import { type HostLogger, writeToHost } from '#src/logging/host-logger.js';
import { formatLine } from '#src/logging/line-format.js';
import type { LogRecord } from '#src/logging/logger.js';
import { Redactor } from '#src/logging/redactor.js';

const RECORD: LogRecord = {
  level: 'WARNING',
  message: 'Something',
  fields: { runId: 'r1', n: 1 },
  timestampMs: 0,
};

describe('createLogger', () => {
  it('writes records with the fields of its parents', () => {
    const records: LogRecord[] = [];
    const logger = createLogger((record) => records.push(record), { exchange: 'bybit' }, { now: () => 7 });
    logger.child({ runId: 'r1' }).child({ account: 'main' }).critical('Lost', { exchange: 'okx' });
    expect(records).to.deep.equal([
      {
        level: 'CRITICAL',
        message: 'Lost',
        fields: { exchange: 'okx', runId: 'r1', account: 'main' },
        timestampMs: 7,
      },
    ]);
  });

  it('leaves out what is below its level, in children too', () => {
    const levels: string[] = [];
    const logger = createLogger((record) => levels.push(record.level), {}, { level: 'WARNING' });
    for (const log of [logger, logger.child({ a: 1 })]) {
      log.debug('x');
      log.info('x');
      log.warning('x');
      log.error('x');
      log.critical('x');
    }
    expect(levels).to.deep.equal(['WARNING', 'ERROR', 'CRITICAL', 'WARNING', 'ERROR', 'CRITICAL']);
  });

  it('takes secrets out before anything is written', () => {
    const redactor = new Redactor();
    redactor.add('open sesame');
    const records: LogRecord[] = [];
    const logger = createLogger((record) => records.push(record), { from: 'open sesame' }, { redactor });
    logger.error('It said open sesame', { error: new Error('open sesame'), secret: 'x' });
    expect(JSON.stringify(records)).not.to.include('sesame');
  });
});

describe('formatLine', () => {
  it('gives time, level, run, sentence and fields', () => {
    expect(formatLine(RECORD)).to.equal('1970-01-01T00:00:00.000Z WARNING  [r1] Something n=1');
  });

  it('keeps its place where there is no run', () => {
    expect(formatLine({ ...RECORD, fields: {} })).to.include(' [-] Something');
  });

  it('colours only where asked', () => {
    expect(formatLine(RECORD, true)).to.include('\u001b[33mWARNING');
  });

  it('stays one line without escape sequences, whatever an exchange answered', () => {
    const hostile = 'a\nb\r\u001b[31mc\u009b2J\u2028d';
    const line = formatLine({ ...RECORD, message: hostile, fields: { text: hostile, [hostile]: [hostile] } });
    expect(line).to.match(/^[\x20-\x7e]+$/);
  });
});

describe("a host's logger", () => {
  function written(
    levels: Record<string, number> | undefined,
    level: LogRecord['level'],
  ): string | undefined {
    const calls: string[] = [];
    const host: HostLogger = { log: (name) => calls.push(name), ...(levels && { levels }) };
    writeToHost(host, { ...RECORD, level });
    return calls[0];
  }

  const NPM = { error: 0, warn: 1, info: 2, http: 3, verbose: 4, debug: 5, silly: 6 };
  const SYSLOG = { emerg: 0, alert: 1, crit: 2, error: 3, warning: 4, notice: 5, info: 6, debug: 7 };

  for (const [levels, level, expected] of [
    [NPM, 'DEBUG', 'debug'],
    [NPM, 'INFO', 'info'],
    [NPM, 'WARNING', 'warn'],
    [NPM, 'ERROR', 'error'],
    [NPM, 'CRITICAL', 'error'],
    [SYSLOG, 'WARNING', 'warning'],
    [SYSLOG, 'CRITICAL', 'crit'],
    [undefined, 'WARNING', 'warn'],
  ] as const) {
    it(`gets ${level} as ${expected} with ${levels === SYSLOG ? 'syslog' : levels ? 'npm' : 'no'} levels`, () => {
      expect(written(levels, level)).to.equal(expected);
    });
  }
});
