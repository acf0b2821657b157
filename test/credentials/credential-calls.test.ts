import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { ExchangeSyncError } from '#src/domain/errors.js';
import {
  addCredentials,
  hasCredentials,
  listCredentials,
  rekeyVault,
  removeCredentials,
  type StartOptions,
} from '#src/index.js';
import { ExchangeDataSynchronizer } from '#src/synchronizer.js';
import { expectError } from '../support/expect-error.js';
import { VaultFiles } from './vault/vault-files.js';

const KEY = { apiKey: 'canary-api-key-1', secret: 'canary-secret-2' };

describe('the functions for credentials', () => {
  let files: VaultFiles;
  let options: StartOptions;

  beforeEach(async () => {
    files = await VaultFiles.make();
    // Made here, so that no test takes the time of a real one.
    await files.vault().put({ exchange: 'binance', account: 'main' }, KEY);
    options = {
      env: { EXCHANGE_SYNC_VAULT_KEY_FILE: files.keyFile, EXCHANGE_SYNC_EXCHANGES: 'bybit,binance' },
      vaultFile: files.file,
    };
  });

  afterEach(() => files.remove());

  it('add, list, and remove', async () => {
    expect(await addCredentials(' Bybit/SUB1 ', { ...KEY, uid: '  ' }, {}, options)).to.deep.equal({
      exchange: 'bybit',
      account: 'sub1',
      file: files.file,
      configured: true,
    });
    expect(await addCredentials('okx', { ...KEY, password: ' p ' }, {}, options)).to.include({
      account: 'main',
      configured: false,
    });
    const env = { ...options.env, BYBIT_SUB1_API_KEY: 'k', BYBIT_API_KEY: 'k', KRAKEN_API_KEY: 'k' };
    const credentials = {
      name: 'my store',
      accounts: async (exchange: string) => (exchange === 'binance' ? ['main'] : []),
      credentials: async () => KEY,
    };
    const listings = await listCredentials({ ...options, env, credentials });
    expect(
      listings.map(({ exchange, account, source, fields, missing, shadowed, configured }) =>
        [`${exchange}/${account}`, source, fields?.join(), missing.join(), shadowed.join(), configured].join(
          ' ',
        ),
      ),
    ).to.deep.equal([
      'binance/main my store apiKey,secret  vault true',
      'bybit/main environment apiKey secret  true',
      'bybit/sub1 vault apiKey,secret  environment true',
      'kraken/main environment apiKey secret  false',
      'okx/main vault apiKey,secret,password   false',
    ]);
    expect(JSON.stringify(listings)).not.to.contain('canary');
    expect(await hasCredentials('okx', options)).to.equal(true);
    await removeCredentials('okx', options);
    expect(await hasCredentials('okx', options)).to.equal(false);
    const error = await expectError(removeCredentials('okx', options), 'EXCHANGE_NOT_CONFIGURED');
    expect(error.message).to.contain('binance/main, bybit/sub1');
  });

  it('replace only what they are told to', async () => {
    await expectError(addCredentials('binance', { ...KEY, apiKey: 'new' }, {}, options), 'CREDENTIALS_EXIST');
    await addCredentials('binance', { ...KEY, apiKey: 'new' }, { replace: true }, options);
    expect(await files.vault().credentials({ exchange: 'binance', account: 'main' })).to.deep.equal({
      ...KEY,
      apiKey: 'new',
    });
  });

  it('list names alone where the vault is locked', async () => {
    const [listing] = await listCredentials({ ...options, env: {} });
    expect(listing).to.deep.include({ exchange: 'binance', source: 'vault', fields: null, missing: [] });
  });

  it('give the vault another master key', async () => {
    const newKey = await files.writeKey('another master key, as long', `${files.directory}/new.key`);
    expect(await rekeyVault({ keyFile: newKey }, options)).to.deep.equal({ file: files.file });
    await expectError(listCredentials(options), 'VAULT_KEY_WRONG');
    expect(await listCredentials({ ...options, vaultKeyFile: newKey })).to.have.length(1);
  });

  const REFUSED: Readonly<Record<string, [target: string, given: unknown, code: string, said: RegExp]>> = {
    'an unknown exchange': ['bybti', KEY, 'EXCHANGE_UNKNOWN', /did you mean bybit/],
    'another unknown exchange': ['okex', KEY, 'EXCHANGE_UNKNOWN', /okx/],
    'an empty target': ['', KEY, 'EXCHANGE_UNKNOWN', /no exchange/],
    'a name with a dash': ['bybit/sub-1', KEY, 'CONFIG_INVALID', /letters and digits.*bybit\/sub1/],
    'an empty name': ['bybit/', KEY, 'CONFIG_INVALID', /letters and digits/],
    'too many parts': ['bybit/a/b', KEY, 'CONFIG_INVALID', /letters and digits/],
    'the name of the whole exchange': ['bybit/*', KEY, 'CONFIG_INVALID', /letters and digits/],
    'a missing secret': ['bybit', { apiKey: 'canary-1' }, 'CREDENTIALS_MISSING', /bybit\/main lacks secret/],
    'missing fields': [
      'okx/sub1',
      { apiKey: 'canary-1' },
      'CREDENTIALS_MISSING',
      /secret and password.*okx requires/,
    ],
    'an empty secret': ['bybit', { ...KEY, secret: ' ' }, 'CREDENTIALS_MISSING', /lacks secret/],
    nothing: ['bybit', undefined, 'CONFIG_INVALID', /must be an object/],
    'a list': ['bybit', ['canary-1'], 'CONFIG_INVALID', /must be an object/],
    'a text': ['bybit', 'canary-1', 'CONFIG_INVALID', /must be an object/],
    'a number': [
      'bybit',
      { ...KEY, secret: 12_345_678 },
      'CONFIG_INVALID',
      /secret must be text, not number/,
    ],
    'another name': [
      'bybit',
      { apiKey: 'a', apiSecret: 'b' },
      'CONFIG_INVALID',
      /"apiSecret"; did you mean secret\?/,
    ],
    'a passphrase': ['okx', { ...KEY, passphrase: 'p' }, 'CONFIG_INVALID', /did you mean password\?/],
    'a value for a name': [
      'bybit',
      { 'canary-1234567890-abcdefghi': 'x' },
      'CONFIG_INVALID',
      /unknown field/,
    ],
  };

  for (const [what, [target, given, code, said]] of Object.entries(REFUSED)) {
    it(`refuse ${what}, without a word of a value, and store nothing`, async () => {
      const before = await readFile(files.file, 'utf8');
      const error = await addCredentials(target, given as typeof KEY, {}, options).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.instanceOf(ExchangeSyncError).with.property('code', code);
      const { message, details } = error as ExchangeSyncError;
      expect(message).to.match(said);
      expect(message + JSON.stringify(details))
        .not.to.contain('canary')
        .and.not.contain('12345678');
      expect(await readFile(files.file, 'utf8')).to.equal(before);
    });
  }

  describe('and a synchronizer', () => {
    const locked = () => ({ ...options, env: { DB_HOST: 'db.example' }, logLevel: 'CRITICAL' });

    it('does not start where the vault is locked, and starts no worker for it', async () => {
      const synchronizer = new ExchangeDataSynchronizer();
      synchronizer.on('error', () => undefined);
      try {
        await expectError(synchronizer.start(locked()), 'VAULT_LOCKED');
        expect(synchronizer.state).to.equal('idle');
        await expectError(synchronizer.runOnce(locked()), 'VAULT_LOCKED');
        await expectError(synchronizer.testCredentials('bybit', locked()), 'VAULT_LOCKED');
      } finally {
        await synchronizer.stop();
      }
    });

    it('does not wait for a person who never answers once it is to stop', async () => {
      const synchronizer = new ExchangeDataSynchronizer();
      await files.remove();
      files = await VaultFiles.make();
      await files
        .vault({ passphrase: () => 'correct horse battery staple' })
        .put({ exchange: 'bybit', account: 'main' }, KEY);
      let asked: () => void = () => undefined;
      const asking = new Promise<void>((resolve) => {
        asked = resolve;
      });
      const vaultPassphrase = () => {
        asked();
        return new Promise<string>(() => undefined);
      };
      const started = synchronizer.start({ ...locked(), vaultFile: files.file, vaultPassphrase });
      await asking;
      await synchronizer.stop();
      await expectError(started, 'STOPPED');
    });

    it('names what is configured where a key is to be tested that is not', async () => {
      const synchronizer = new ExchangeDataSynchronizer();
      await expectError(synchronizer.testCredentials('kraken', options), 'EXCHANGE_NOT_CONFIGURED');
    });
  });
});
