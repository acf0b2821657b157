import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CredentialListing, CredentialTest } from '#src/domain/credential-report.js';
import type { SyncReport } from '#src/domain/report.js';
import { until } from '../support/until.js';
import { CLI, type Ended, type Program } from './support/program.js';
import { useSandbox } from './support/sandbox.js';

const WRONG = { apiKey: 'canary-key-in-the-environment', secret: 'canary-secret-in-the-environment' };

describe('keys in the vault', function () {
  this.timeout(90_000);
  const sandbox = useSandbox({ exchanges: ['bybit'] });
  let env: Record<string, string | undefined>;

  before('make a master key, and put wrong keys into the environment', async () => {
    const keyFile = join(sandbox.home, 'vault.key');
    await writeFile(keyFile, 'the master key of the vault under test\n', { mode: 0o600 });
    env = {
      EXCHANGE_SYNC_VAULT_KEY_FILE: keyFile,
      BYBIT_API_KEY: WRONG.apiKey,
      BYBIT_API_SECRET: WRONG.secret,
      BYBIT_SUB1_API_KEY: undefined,
      BYBIT_SUB1_API_SECRET: undefined,
    };
  });

  function keysOf(account: string) {
    const found = sandbox.simulator.accounts.find(
      (each) => each.exchange === 'bybit' && each.account === account,
    );
    if (found === undefined) throw new Error(`there is no bybit/${account}`);
    return found.credentials;
  }

  /** Through a pipe: what stands in the arguments of a process is for everybody to see. */
  async function add(account: string, keys: object, ...flags: readonly string[]): Promise<Ended> {
    const pipe = 'printf %s "$KEYS" | exec "$NODE" "$CLI" credentials add "$@"';
    return await sandbox.spawn('setsid', ['--wait', 'sh', '-c', pipe, 'sh', `bybit/${account}`, ...flags], {
      env: { ...env, KEYS: JSON.stringify(keys), NODE: process.execPath, CLI },
    }).ended;
  }

  const run = (...args: readonly string[]) => sandbox.run(args, { env });

  function reportsOf(service: Program): readonly SyncReport[] {
    const lines = service.stdout.split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as SyncReport).filter(({ account }) => account === 'main');
  }

  const balances = (service: Program) => reportsOf(service).filter(({ dataType }) => dataType === 'balances');

  it('are used instead of those in the environment, and tested wallet by wallet', async () => {
    const added = await add('main', keysOf('main'));
    expect(added.code, added.stderr).to.equal(0);
    expect((await add('sub1', keysOf('sub1'))).code).to.equal(0);

    const listed = await run('credentials', 'list', '--json');
    const listings = JSON.parse(listed.stdout) as CredentialListing[];
    expect(
      listings.map(({ account, source, fields, shadowed }) => [account, source, fields, shadowed]),
    ).to.deep.equal([
      ['main', 'vault', ['apiKey', 'secret'], ['environment']],
      ['sub1', 'vault', ['apiKey', 'secret'], []],
    ]);

    const main = await run('credentials', 'test', 'bybit/main', '--json');
    expect(main.code, main.stdout + main.stderr).to.equal(0);
    const [test] = JSON.parse(main.stdout) as CredentialTest[];
    expect(test).to.deep.include({
      account: 'main',
      source: 'vault',
      status: 'ok',
      error: null,
      resumed: false,
    });
    const read = (dataType: string) =>
      test?.scopes.filter((scope) => scope.dataType === dataType && scope.readable).map(({ scope }) => scope);
    expect(read('balances')).to.deep.equal(['wallet=UNIFIED', 'wallet=FUND']);
    expect(read('positions')).to.have.length.greaterThan(1);
    expect(read('orders')).to.have.length.greaterThan(1);
  });

  it('that may not read a wallet are partly good: exit code 3, and the wallet is named', async () => {
    const both = await run('credentials', 'test');
    expect(both.code).to.equal(3);
    expect(both.stdout).to.match(/bybit\/sub1\s+vault\s+balances\s+wallet=FUND\s+PERMISSION_DENIED/);
    expect(both.stdout).to.contain('bybit/main: the key can read everything');
    expect(both.stdout).to.contain('bybit/sub1: the key can read a part');
  });

  it('that the exchange refuses are asked once: exit code 1', async () => {
    expect((await add('sub1', { ...keysOf('sub1'), secret: 'x'.repeat(36) }, '--force')).code).to.equal(0);
    sandbox.simulator.requests.reset();
    const { code, stdout } = await run('credentials', 'test', 'bybit/sub1');
    expect(code).to.equal(1);
    expect(stdout).to.contain('AUTHENTICATION_FAILED');
    const signed = sandbox.simulator.requests.counts().filter(({ account }) => account === 'sub1');
    expect(signed.reduce((sum, { count }) => sum + count, 0)).to.equal(1);
    expect((await run('credentials', 'remove', 'bybit/sub1', '--force')).code).to.equal(0);
  });

  it('can be changed while the service runs, whose next sync uses the new ones', async () => {
    expect((await add('main', WRONG, '--force')).code).to.equal(0);
    const service = sandbox.start(['run', '--interval=0.02', '--json'], { env });
    await until('the wrong key to be refused', () =>
      balances(service).some(({ errors }) => errors[0]?.code === 'AUTHENTICATION_FAILED'),
    );
    expect((await add('main', keysOf('main'), '--force')).code).to.equal(0);
    await until('a sync with the right key', () => balances(service).some(({ status }) => status === 'ok'));
    service.kill('SIGTERM');
    expect((await service.ended).code).to.equal(143);
  });

  it('that are good again are told to a running service by a test', async () => {
    const service = sandbox.start(['run', '--interval=0.02', '--json'], { env });
    await until('a good sync', () => balances(service).some(({ status }) => status === 'ok'));
    const fault = sandbox.simulator.faults.add({
      match: { exchange: 'bybit', account: 'main' },
      effect: { kind: 'code', code: '10010' },
    });
    await until('the suspension', () =>
      balances(service).some(({ errors }) => errors[0]?.code === 'ACCOUNT_SUSPENDED'),
    );
    const refused = await run('credentials', 'test', 'bybit/main');
    expect(refused.code, refused.stdout).to.equal(1);
    sandbox.simulator.faults.clear(fault.id);
    const seen = balances(service).length;
    const good = await run('credentials', 'test', 'bybit/main', '--json');
    expect(good.code, good.stdout + good.stderr).to.equal(0);
    expect(JSON.parse(good.stdout)).to.have.nested.property('[0].resumed', true);
    await until('a good sync again', () =>
      balances(service)
        .slice(seen)
        .some(({ status }) => status === 'ok'),
    );
    service.kill('SIGTERM');
    await service.ended;
  });

  for (const args of [['run'], ['run', '--one-time']]) {
    it(`are not replaced by the environment's: \`${args.join(' ')}\` without the master key does not start`, async () => {
      sandbox.simulator.requests.reset();
      const { code, stderr, stdout } = await sandbox.run(args, {
        env: { ...env, EXCHANGE_SYNC_VAULT_KEY_FILE: undefined },
      });
      expect(code, stderr).to.equal(2);
      expect(stdout).to.equal('');
      expect(stderr).to.contain('VAULT_LOCKED').and.contain('EXCHANGE_SYNC_VAULT_KEY_FILE');
      expect(sandbox.simulator.requests.counts()).to.deep.equal([]);
      const wrong = join(sandbox.home, 'wrong.key');
      await writeFile(wrong, 'not the master key of the vault\n', { mode: 0o600 });
      const refused = await sandbox.run(args, { env: { ...env, EXCHANGE_SYNC_VAULT_KEY_FILE: wrong } });
      expect(refused.code, refused.stderr).to.equal(2);
      expect(refused.stderr).to.contain('VAULT_KEY_WRONG');
    });
  }

  it('do not keep anybody from reading what is stored', async () => {
    const { code, stderr } = await sandbox.run(['status'], {
      env: { ...env, EXCHANGE_SYNC_VAULT_KEY_FILE: undefined },
    });
    expect(code, stderr).to.equal(0);
  });

  it('are shown by nothing', async () => {
    const { stdout } = await run('credentials', 'list');
    const typed = await run('credentials', 'add', 'bybit', `--api-key=${WRONG.apiKey}`);
    expect(typed.code).to.equal(2);
    expect(typed.stderr).to.contain("unknown option '--api-key'").and.not.contain(WRONG.apiKey);
    for (const secret of [...Object.values(keysOf('main')), ...Object.values(WRONG)]) {
      expect(stdout).not.to.contain(secret);
    }
  });
});
