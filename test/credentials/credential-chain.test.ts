import { chmod } from 'node:fs/promises';
import { expect } from 'chai';
import { createCredentialChain } from '#src/credentials/credential-chain.js';
import { CREDENTIAL_FIELDS, type CredentialProvider } from '#src/credentials/credentials.js';
import { credentialsMissing, requiredFields } from '#src/credentials/missing-credentials.js';
import { type ErrorCode, ExchangeSyncError } from '#src/domain/errors.js';
import { EXCHANGE_DIRECTORY } from '#src/domain/exchange-directory.js';
import { createLogger } from '#src/logging/create-logger.js';
import type { LogRecord } from '#src/logging/logger.js';
import { redactor } from '#src/logging/redactor.js';
import { VaultFiles } from './vault/vault-files.js';

const MAIN = { exchange: 'bybit', account: 'main' };
const KEYS = { BYBIT_API_KEY: 'key-of-main', BYBIT_API_SECRET: 'secret-of-main' };

function fromEnvironment(env: Record<string, string>) {
  return createCredentialChain({ environment: () => env });
}

function fromHost(answers: { accounts?: unknown; credentials?: unknown }, env: Record<string, string> = {}) {
  // A host written in JavaScript may answer anything.
  const hostProvider: CredentialProvider = {
    name: 'my vault',
    accounts: async () => (answers.accounts ?? []) as string[],
    credentials: async () => answers.credentials as undefined,
  };
  return createCredentialChain({ hostProvider, environment: () => env });
}

async function rejection(promise: Promise<unknown>, code: ErrorCode): Promise<ExchangeSyncError> {
  try {
    await promise;
  } catch (error: unknown) {
    expect(error).to.be.instanceOf(ExchangeSyncError).with.property('code', code);
    return error as ExchangeSyncError;
  }
  throw new Error('it was accepted');
}

describe('credentials from the environment', () => {
  it('finds accounts by their variables', async () => {
    const chain = fromEnvironment({
      ...KEYS,
      BYBIT_SUB1_API_KEY: 'k',
      BYBIT_SUB2_TESTNET: '1',
      BINANCE_API_KEY: 'k',
      BYBITEU_API_KEY: 'k',
      BYBIT_EMPTY_API_KEY: ' ',
    });
    expect(await chain.accounts('bybit')).to.deep.equal(['main', 'sub1']);
    expect(await chain.accounts('kraken')).to.deep.equal([]);
  });

  it('gives the keys of one account under the names ccxt has for them', async () => {
    const chain = fromEnvironment({
      ...KEYS,
      OKX_SUB1_API_KEY: ' k ',
      OKX_SUB1_API_SECRET: 's',
      OKX_SUB1_API_PASSWORD: 'p',
    });
    expect(await chain.resolve(MAIN)).to.deep.equal({
      credentials: { apiKey: 'key-of-main', secret: 'secret-of-main' },
      source: 'environment',
    });
    expect(await chain.resolve({ exchange: 'okx', account: 'sub1' })).to.have.deep.property('credentials', {
      apiKey: 'k',
      secret: 's',
      password: 'p',
    });
  });

  it('sees a rotated key at the next call', async () => {
    const env: Record<string, string> = { ...KEYS };
    const chain = fromEnvironment(env);
    await chain.resolve(MAIN);
    env.BYBIT_API_KEY = 'another-key';
    expect((await chain.resolve(MAIN))?.credentials.apiKey).to.equal('another-key');
  });

  it('has nothing for an account that is not there', async () => {
    expect(await fromEnvironment(KEYS).resolve({ exchange: 'bybit', account: 'sub1' })).to.equal(undefined);
    expect(credentialsMissing({ exchange: 'bybit', account: 'sub1' }).message).to.equal(
      'bybit/sub1 has no credentials; set BYBIT_SUB1_API_KEY and BYBIT_SUB1_API_SECRET, or run: exchange-sync credentials add bybit/sub1',
    );
  });

  it('names the exact variable that is missing, and no value', async () => {
    const noSecret = await rejection(
      fromEnvironment({ BYBIT_API_KEY: 'key-of-main' }).resolve(MAIN),
      'CREDENTIALS_MISSING',
    );
    expect(noSecret.message).to.include('set BYBIT_API_SECRET').and.not.to.include('key-of-main');
    const noPassword = await rejection(
      fromEnvironment({ OKX_SUB1_API_KEY: 'k', OKX_SUB1_API_SECRET: 's' }).resolve({
        exchange: 'okx',
        account: 'sub1',
      }),
      'CREDENTIALS_MISSING',
    );
    expect(noPassword.message).to.match(/set OKX_SUB1_API_PASSWORD$/);
  });
});

describe('credential chain', () => {
  it("asks the host's provider first", async () => {
    const chain = fromHost({ credentials: { apiKey: 'host-key', secret: 'host-secret' } }, KEYS);
    expect(await chain.resolve(MAIN)).to.deep.equal({
      credentials: { apiKey: 'host-key', secret: 'host-secret' },
      source: 'my vault',
    });
  });

  it('goes on to the environment for what the host does not know', async () => {
    expect((await fromHost({}, KEYS).resolve(MAIN))?.source).to.equal('environment');
  });

  it('merges accounts in order, each once', async () => {
    const chain = fromHost({ accounts: ['sub9', 'main'] }, { ...KEYS, BYBIT_SUB1_API_KEY: 'k' });
    expect(await chain.accounts('bybit')).to.deep.equal(['sub9', 'main', 'sub1']);
  });

  it('does not complete what one provider gives with what another has', async () => {
    const error = await rejection(
      fromHost({ credentials: { apiKey: 'k' } }, KEYS).resolve(MAIN),
      'CREDENTIALS_MISSING',
    );
    expect(error.message).to.include('let my vault supply secret');
  });

  for (const [what, credentials] of Object.entries({
    'an unknown field': { apiKey: 'open-sesame', apiSecret: 'open-sesame' },
    'a number': { apiKey: 'open-sesame', secret: 12345 },
    'a list': ['open-sesame'],
    'a text': 'open-sesame',
  })) {
    it(`refuses ${what} from the host, without showing any value`, async () => {
      const error = await rejection(fromHost({ credentials }).resolve(MAIN), 'CONFIG_INVALID');
      expect(error.message).to.include('my vault').and.to.include('bybit/main').and.not.to.include('sesame');
      expect(error.message).not.to.include('12345');
    });
  }

  for (const accounts of ['main', [1], ['Main'], ['a/b'], [''], { main: 1 }]) {
    it(`refuses the accounts ${JSON.stringify(accounts)} from the host`, async () => {
      const error = await rejection(fromHost({ accounts }).accounts('bybit'), 'CONFIG_INVALID');
      expect(error.message).to.include("accounts('bybit')");
    });
  }

  it('logs the source once and never a value, and keeps values out of all later lines', async () => {
    const records: LogRecord[] = [];
    const logger = createLogger((record) => records.push(record));
    const chain = createCredentialChain({ environment: () => KEYS, logger });
    await chain.resolve(MAIN);
    await chain.resolve(MAIN);
    expect(records).to.have.length(1);
    expect(records[0]?.fields).to.include({ exchange: 'bybit', account: 'main', source: 'environment' });
    logger.error('It said secret-of-main', { answer: 'key-of-main' });
    expect(JSON.stringify(records)).not.to.match(/(key|secret)-of-main/);
    expect(redactor.text('secret-of-main')).to.equal('[redacted]');
  });
});

describe('the vault in the chain', () => {
  let files: VaultFiles;

  beforeEach(async () => {
    files = await VaultFiles.make();
    await files.vault().put(MAIN, { apiKey: 'key-of-vault', secret: 'secret-of-vault' });
  });

  afterEach(() => files.remove());

  const host: CredentialProvider = {
    name: 'my store',
    accounts: async () => ['main'],
    credentials: async () => ({ apiKey: 'key-of-host', secret: 'secret-of-host' }),
  };

  it('comes after the host and before the environment', async () => {
    const vault = files.vault();
    const environment = () => ({ ...KEYS, BYBIT_SUB1_API_KEY: 'k', BYBIT_SUB1_API_SECRET: 's' });
    const source = async (chain: ReturnType<typeof createCredentialChain>, account = 'main') =>
      (await chain.resolve({ exchange: 'bybit', account }))?.source;
    expect(await source(createCredentialChain({ hostProvider: host, vault, environment }))).to.equal(
      'my store',
    );
    expect(await source(createCredentialChain({ vault, environment }))).to.equal('vault');
    expect(await source(createCredentialChain({ vault, environment }), 'sub1')).to.equal('environment');
    expect(await createCredentialChain({ vault, environment }).accounts('bybit')).to.deep.equal([
      'main',
      'sub1',
    ]);
  });

  it('never lets an account of its own be read from the environment, whatever is wrong with it', async () => {
    const chain = (vault: ReturnType<typeof files.vault>) =>
      createCredentialChain({ vault, environment: () => KEYS });
    await rejection(chain(files.vault({})).resolve(MAIN), 'VAULT_LOCKED');
    await rejection(chain(files.vault({})).ready(), 'VAULT_LOCKED');
    await chmod(files.file, 0o644);
    await rejection(chain(files.vault()).resolve(MAIN), 'VAULT_EXPOSED');
    await files.write('{}');
    await rejection(chain(files.vault()).resolve(MAIN), 'VAULT_DAMAGED');
    await rejection(chain(files.vault()).accounts('bybit'), 'VAULT_DAMAGED');
  });

  it('says how to complete half a key', async () => {
    await files.vault().put(MAIN, { apiKey: 'key-of-vault' }, { replace: true });
    const chain = createCredentialChain({ vault: files.vault(), environment: () => KEYS });
    const error = await rejection(chain.resolve(MAIN), 'CREDENTIALS_MISSING');
    expect(error.message).to.contain('exchange-sync credentials add bybit/main').and.not.contain('key-of');
  });
});

describe('required fields', () => {
  it('are all known, for every exchange of the directory', () => {
    for (const [id, { requiredCredentials }] of Object.entries(EXCHANGE_DIRECTORY)) {
      expect(CREDENTIAL_FIELDS, id).to.include.members([...requiredCredentials]);
      // Every one of them has a variable, or this throws.
      credentialsMissing({ exchange: id, account: 'main' });
    }
    expect(requiredFields('okx')).to.deep.equal(['apiKey', 'secret', 'password']);
  });
});
