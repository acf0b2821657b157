import { expect } from 'chai';
import {
  cleanForeignError,
  decodeError,
  decodeValue,
  encodeError,
  encodeValue,
} from '#src/bridge/error-envelope.js';
import { ExchangeSyncError } from '#src/domain/errors.js';
import { redactor } from '#src/logging/redactor.js';

const crossError = (error: unknown) => decodeError(structuredClone(encodeError(error)));
const crossValue = (value: unknown) => decodeValue(structuredClone(encodeValue(value)));

describe('error envelope', () => {
  it('keeps class, code, message, details, stack and the chain of causes', () => {
    const root = Object.assign(new TypeError('socket closed'), { code: 'ECONNRESET' });
    const middle = new ExchangeSyncError('EXCHANGE_TIMEOUT', 'too slow', { cause: root });
    const sent = new ExchangeSyncError('EXCHANGE_UNAVAILABLE', 'bybit is down', {
      details: { status: 503, at: new Date(5), headers: { 'retry-after': ['1'] } },
      cause: middle,
    });
    const got = crossError(sent);
    expect(got).to.be.instanceOf(ExchangeSyncError);
    expect(got).to.include({ code: sent.code, message: sent.message, stack: sent.stack });
    expect(got.details).to.deep.equal(sent.details);
    expect(got.cause).to.be.instanceOf(ExchangeSyncError).and.include({ code: 'EXCHANGE_TIMEOUT' });
    expect((got.cause as Error).cause).to.include({
      name: 'TypeError',
      message: 'socket closed',
      code: 'ECONNRESET',
      stack: root.stack,
    });
  });

  it('makes a foreign error the cause of an INTERNAL one, even with a code of ours on it', () => {
    const got = crossError(Object.assign(new RangeError('out of range'), { code: 'BANNED' }));
    expect(got.code).to.equal('INTERNAL');
    expect(got.message).to.contain('out of range');
    expect(got.cause).to.include({ name: 'RangeError', code: 'BANNED' });
  });

  it('carries what was thrown without being an error', () => {
    expect(crossError('just text').message).to.contain('just text');
    expect(crossError(undefined).code).to.equal('INTERNAL');
    expect(crossError(Object.create(null)).code).to.equal('INTERNAL');
  });

  it('carries the errors of an AggregateError', () => {
    const got = crossError(
      new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')], 'refused'),
    );
    expect((got.cause as AggregateError).errors.map((inner: Error) => inner.message)).to.deep.equal([
      '::1 refused',
      '127.0.0.1 refused',
    ]);
  });

  it('survives cycles, depth, length and what cannot be cloned', () => {
    const circular = new Error('circular');
    circular.cause = circular;
    expect((crossError(circular).cause as Error).cause).to.equal('[circular]');

    const fields: Record<string, unknown> = {
      callback: () => 1,
      symbol: Symbol('s'),
      amount: 1n,
      none: undefined,
    };
    fields.self = fields;
    Object.defineProperty(fields, 'broken', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(crossValue(fields)).to.be.a('string').that.contains('unreadable');
    const { broken: _broken, ...readable } = Object.getOwnPropertyDescriptors(fields);
    expect(crossValue(Object.defineProperties({}, readable))).to.deep.include({
      symbol: 'Symbol(s)',
      amount: 1n,
      none: undefined,
    });

    expect(crossError(new Error('x'.repeat(1e6))).message.length).to.be.below(5_000);
    let deep: unknown = 'bottom';
    for (let i = 0; i < 1_000; i += 1) deep = { deep };
    expect(JSON.stringify(crossValue(deep))).to.contain('[too deep]');
  });

  it('lets no secret of this process cross, wherever a library put it', () => {
    redactor.add('sEcReT-of-the-test');
    const cause = new Error('GET /?signature=1 failed for sEcReT-of-the-test');
    const sent = new ExchangeSyncError('EXCHANGE_REJECTED', 'key sEcReT-of-the-test refused', { cause });
    for (const got of [crossError(sent), cleanForeignError(sent)]) {
      const inner = got.cause as Error;
      const texts = [got.message, got.stack, inner.message, inner.stack];
      expect(texts.every((text) => text?.includes('[redacted]'))).to.equal(true);
      expect(texts.join()).to.not.contain('sEcReT');
    }
    const remedy = 'bybit/main has no credentials; set BYBIT_API_KEY and BYBIT_API_SECRET';
    expect(crossError(new ExchangeSyncError('CREDENTIALS_MISSING', remedy)).message).to.equal(remedy);
  });

  it('rebuilds errors inside of other data', () => {
    const got = crossValue({ run: 1, errors: [new ExchangeSyncError('BANNED', 'for a while')] }) as {
      errors: Error[];
    };
    expect(got.errors[0]).to.be.instanceOf(ExchangeSyncError).and.include({ code: 'BANNED' });
  });
});
