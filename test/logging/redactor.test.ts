import { expect } from 'chai';
import fc from 'fast-check';
import { REDACTED, Redactor } from '#src/logging/redactor.js';
import { isSecretName } from '#src/logging/secret-patterns.js';

const SECRET = 'kJ8#sd+/9 "q"\n-end';

function fields(value: unknown, redactor = new Redactor()): unknown {
  return redactor.fields({ value }).value;
}

describe('Redactor', () => {
  describe('knows secrets by their name', () => {
    for (const name of [
      'apiKey',
      'api_key',
      'BYBIT_SUB1_API_KEY',
      'BYBIT_API_SECRET',
      'secret',
      'password',
      'dbPass',
      'DB_PASS',
      'privateKey',
      'X-MBX-APIKEY',
      'X-BAPI-SIGN',
      'OK-ACCESS-PASSPHRASE',
      'Authorization',
      'set-cookie',
      'signature',
      'credentials',
      'accessToken',
      'DATABASE_URL',
    ]) {
      it(name, () => {
        expect(new Redactor().fields({ [name]: 'open sesame' })).to.deep.equal({ [name]: REDACTED });
      });
    }

    for (const name of [
      'passed',
      'tokenCount',
      'credentialSource',
      'source',
      'exchange',
      'key',
      'assigned',
      'design',
    ]) {
      it(`leaves ${name} alone`, () => expect(isSecretName(name)).to.equal(false));
    }

    it('hides whole objects, and leaves numbers and flags', () => {
      const given = { credentials: { a: 1 }, token: 7, password: undefined, signature: true };
      expect(new Redactor().fields(given)).to.deep.equal({ ...given, credentials: REDACTED });
    });
  });

  describe('finds secrets inside text', () => {
    for (const text of [
      'GET https://api.example/v3/account?timestamp=1&signature=SESAME&recvWindow=5',
      'apiKey=SESAME',
      '{"apiKey":"SESAME","ok":1}',
      '{\\"secret\\": \\"SESAME\\"}',
      "{ apiKey: 'SESAME' }",
      'X-MBX-APIKEY: SESAME',
      'x-bapi-sign: SESAME',
      'OK-ACCESS-PASSPHRASE=SESAME',
      'Authorization: Bearer SESAME',
      'authorization: SESAME',
      'BYBIT_SUB1_API_SECRET=SESAME',
      'postgresql://user:SESAME@localhost/db',
      'postgresql://user:a@SESAME@localhost/db',
      'http://SESAME@localhost:1',
      'password = SESAME',
    ]) {
      it(text, () => {
        const safe = new Redactor().text(text);
        expect(safe).to.include(REDACTED).and.not.to.include('SESAME');
      });
    }

    for (const text of [
      'bybit {"retCode":10003,"retMsg":"API key is invalid."}',
      'the design: nothing to hide',
      'https://api.bybit.com/v5/market/time?category=spot',
      'signed 3 requests; passed: 12',
      'mail somebody@example.com',
    ]) {
      it(`leaves ${text}`, () => expect(new Redactor().text(text)).to.equal(text));
    }

    it('takes linear time over what an exchange may answer', () => {
      for (const pattern of ['a_', 'a-', 'a://', 'api_key ', '"', 'secret=', 'a@']) {
        const text = pattern.repeat(20_000 / pattern.length);
        const before = process.cpuUsage();
        new Redactor().text(text);
        // Linear time takes one; quadratic time takes hundreds.
        expect(process.cpuUsage(before).user / 1_000).to.be.below(150);
      }
    });
  });

  it('takes registered secrets out of every value, name and message, however nested or written', () => {
    const redactor = new Redactor();
    redactor.add(SECRET);
    const forms = [
      SECRET,
      encodeURIComponent(SECRET),
      JSON.stringify(SECRET),
      Buffer.from(SECRET).toString('base64'),
    ];
    const carrying = fc
      .tuple(fc.string(), fc.constantFrom(...forms), fc.string())
      .map(([before, secret, after]) => before + secret + after);
    const anything = fc.object({
      values: [carrying, fc.integer(), fc.constant(null)],
      key: carrying,
      maxDepth: 3,
    });
    fc.assert(
      fc.property(anything, carrying, (value, message) => {
        const error = new Error(message, { cause: new TypeError(message, { cause: value }) });
        const map = new Map<unknown, unknown>([[message, new Set([message])]]);
        const safe = JSON.stringify(redactor.fields({ value, error, map, list: [value, message] }));
        for (const form of forms) {
          expect(safe).not.to.include(form);
          expect(safe).not.to.include(JSON.stringify(form).slice(1, -1));
        }
      }),
    );
  });

  it('takes a secret out that contains another', () => {
    const redactor = new Redactor();
    redactor.add('abcdef');
    redactor.add('abcdefghij');
    expect(redactor.text('x abcdefghij y')).to.equal(`x ${REDACTED} y`);
  });

  it('does not take short words out of every line', () => {
    const redactor = new Redactor();
    redactor.add('1');
    redactor.add('');
    expect(redactor.text('11 of 11')).to.equal('11 of 11');
  });

  it('never shows half of a secret that is cut off', () => {
    const redactor = new Redactor();
    redactor.add('0123456789abcdef');
    const text = `token=${'x'.repeat(19_980)} 0123456789abcdef ${'y'.repeat(5_000)}`;
    expect(redactor.text(text)).not.to.include('0123');
  });

  describe('makes plain data', () => {
    it('of errors, with code, details and causes', () => {
      const cause = Object.assign(new RangeError('inner'), { code: 'E1' });
      const error = Object.assign(new TypeError('outer', { cause }), { details: { apiKey: 'x', n: 1 } });
      expect(fields(error)).to.deep.include({
        name: 'TypeError',
        message: 'outer',
        details: { apiKey: REDACTED, n: 1 },
      });
      expect(fields(error)).to.have.nested.include({ 'cause.name': 'RangeError', 'cause.code': 'E1' });
    });

    it('of errors that cause each other', () => {
      const error: Error = new Error('a');
      error.cause = new Error('b', { cause: error });
      expect(fields(error)).to.have.nested.property('cause.cause', '[circular]');
    });

    it('of aggregates', () => {
      expect(fields(new AggregateError([new Error('one')], 'all'))).to.have.nested.property(
        'errors[0].message',
        'one',
      );
    });

    it('of cycles, maps, sets, dates, URLs and bigints', () => {
      const cycle: Record<string, unknown> = { when: new Date(0), big: 12n };
      cycle.self = cycle;
      expect(fields(cycle)).to.deep.equal({
        when: '1970-01-01T00:00:00.000Z',
        big: '12',
        self: '[circular]',
      });
      expect(fields(new Map([['password', new Set([1])]]))).to.deep.equal({ password: REDACTED });
      expect(fields(new URL('https://u:p@h/?token=1'))).to.equal(`https://${REDACTED}@h/?token=${REDACTED}`);
    });

    it('shows the same object twice where it is no cycle', () => {
      const shared = { n: 1 };
      expect(fields([shared, shared])).to.deep.equal([shared, shared]);
    });

    it('of instances, by their class alone', () => {
      class Client {
        readonly apiKey = 'open sesame';
      }
      expect(fields(new Client())).to.equal('[Client]');
      expect(fields(Buffer.from('open sesame'))).to.equal('[Buffer]');
      expect(fields(() => 'x')).to.match(/^\[function/);
    });

    it('of objects that cannot be read', () => {
      const hostile = {
        get boom(): never {
          throw new Error('no');
        },
      };
      expect(fields(hostile)).to.equal('[unreadable: no]');
    });

    it('that a MessagePort can carry', () => {
      const safe = new Redactor().fields({
        f: () => 1,
        s: Symbol('x'),
        e: new Error('x'),
        p: Promise.resolve(),
      });
      expect(structuredClone(safe)).to.deep.equal(safe);
    });
  });

  it('bounds size and depth', () => {
    const redactor = new Redactor();
    const deep = JSON.parse(`${'{"a":'.repeat(100)}1${'}'.repeat(100)}`);
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, [deep, deep]]));
    const safe = redactor.fields({ text: 'x'.repeat(1_000_000), wide, list: Array(5_000).fill(wide) });
    expect(JSON.stringify(safe).length).to.be.below(100_000);
    expect(safe.text).to.match(/… \(1000000 characters\)$/);
  });
});
