import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readEnvironment } from '#src/config/environment.js';
import { ExchangeSyncError } from '#src/domain/errors.js';

describe('readEnvironment', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'exchange-sync-env-'));
  });

  afterEach(() => {
    chmodSync(directory, 0o700);
    rmSync(directory, { recursive: true });
    delete process.env.EXCHANGE_SYNC_TEST_ONE;
  });

  it("reads .env under the process's environment and changes neither", () => {
    process.env.EXCHANGE_SYNC_TEST_ONE = 'from the process';
    writeFileSync(
      join(directory, '.env'),
      '\uFEFF# keys\nEXCHANGE_SYNC_TEST_ONE=no\nexport EXCHANGE_SYNC_TEST_TWO="with # and spaces"\n',
    );
    const environment = readEnvironment({ directory });
    expect(environment.EXCHANGE_SYNC_TEST_ONE).to.equal('from the process');
    expect(environment.EXCHANGE_SYNC_TEST_TWO).to.equal('with # and spaces');
    expect(process.env).not.to.have.property('EXCHANGE_SYNC_TEST_TWO');
  });

  it('loses no setting to a line that is none', () => {
    const garbage = ['=', '= value', 'no equals sign', '\u0000\u00FF', "it's not", '-----'];
    const lines = garbage.flatMap((line, index) => [line, `SETTING_${index}=${index} # a comment`]);
    const key = 'KEY="-----BEGIN\nAA==\n=\n-----END"';
    writeFileSync(join(directory, '.env'), [...lines, key, "QUOTED='a # b' # c", 'LAST=1', '"'].join('\r\n'));
    const { KEY, QUOTED, LAST, ...rest } = readEnvironment({ directory });
    expect({ KEY, QUOTED, LAST }).to.deep.equal({
      KEY: '-----BEGIN\nAA==\n=\n-----END',
      QUOTED: 'a # b',
      LAST: '1',
    });
    for (const index of garbage.keys())
      expect(rest[`SETTING_${index}`], garbage[index]).to.equal(String(index));
  });

  it('sees a changed file at the next call', () => {
    expect(readEnvironment({ directory }).EXCHANGE_SYNC_TEST_TWO).to.equal(undefined);
    writeFileSync(join(directory, '.env'), 'EXCHANGE_SYNC_TEST_TWO=new');
    expect(readEnvironment({ directory }).EXCHANGE_SYNC_TEST_TWO).to.equal('new');
  });

  it('uses what the host passes alone', () => {
    writeFileSync(join(directory, '.env'), 'EXCHANGE_SYNC_TEST_TWO=new');
    const env = { EXCHANGE_SYNC_TEST_THREE: '3' };
    expect(readEnvironment({ env, directory })).to.equal(env);
  });

  it('says which .env file it cannot read', () => {
    mkdirSync(join(directory, '.env'));
    expect(() => readEnvironment({ directory }))
      .to.throw(ExchangeSyncError, join(directory, '.env'))
      .with.property('code', 'CONFIG_INVALID');
  });
});
