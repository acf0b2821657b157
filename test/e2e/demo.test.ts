import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Difference } from '#src/cli/demo/differences.js';
import type { BackfillReport } from '#src/domain/backfill-report.js';
import type { Coverage } from '#src/domain/coverage-view.js';
import type { Portfolio } from '#src/domain/portfolio-view.js';
import type { Proof } from '#src/domain/proof-view.js';
import type { SyncReport } from '#src/domain/report.js';
import { sum } from '#src/ledger/decimal.js';
import type { Truth } from '#src/simulator/truth.js';
import { CLI, Program } from './support/program.js';

interface Outcome {
  readonly backfill: BackfillReport;
  readonly coverage: Coverage;
  readonly proof: Proof;
  readonly reports: readonly SyncReport[];
  readonly portfolio: Portfolio;
  readonly truth: Truth;
  readonly differences: readonly Difference[];
}

describe('demo', function () {
  this.timeout(60_000);
  let home: string;
  let programs: Program[] = [];

  function demo(args: readonly string[], env: NodeJS.ProcessEnv = {}): Program {
    const program = new Program(process.execPath, [CLI, 'demo', ...args], {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home, TMPDIR: home, ...env },
    });
    programs.push(program);
    return program;
  }

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'exchange-sync-e2e-'));
  });
  afterEach(async () => {
    for (const program of programs) program.kill('SIGKILL');
    await Promise.all(programs.map(({ ended }) => ended));
    programs = [];
    await rm(home, { recursive: true, force: true });
  });

  it('prints one object in which the database equals the truth, whatever is configured', async () => {
    const { code, stdout, stderr } = await demo(['--json'], {
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/nothing',
      EXCHANGE_SYNC_EXCHANGES: 'no such exchange',
      BYBIT_API_KEY: 'a real key',
    }).ended;
    expect(stderr).to.equal('');
    const { reports, portfolio, truth, differences, ...outcome } = JSON.parse(stdout) as Outcome;
    const { backfill, coverage, proof, ...more } = outcome;
    expect(code).to.equal(0);
    expect(more).to.deep.equal({});
    expect(backfill.results).to.have.length(9);
    expect(coverage.scopes).to.not.deep.equal([]);
    const unproven = proof.assets.filter(({ state }) => state !== 'proven');
    // Whose key may not read one wallet.
    expect(new Set(unproven.map(({ account }) => account))).to.deep.equal(new Set(['sub1']));
    expect(differences).to.deep.equal([]);
    expect(reports.filter(({ status }) => status === 'failed')).to.deep.equal([]);
    const accounts = new Set(portfolio.items.map(({ exchange, account }) => `${exchange}/${account}`));
    expect([...accounts].sort()).to.deep.equal(['binance/main', 'bybit/main', 'bybit/sub1']);
    expectQuantities(portfolio, truth);
    expect(await readdir(home), 'what it left behind').to.deep.equal([]);
  });

  it('tells a person what changed and how to go on, finds a digit that is wrong, and fails', async () => {
    const planted = new URL('./hosts/planted-truth.js', import.meta.url);
    const { code, stdout, stderr } = await demo([], { NODE_OPTIONS: `--import=${planted}` }).ended;
    expect(stderr).to.equal('');
    expect(code).to.equal(1);
    expect(stdout).to.match(/: position (opened|closed)\n/);
    expect(stdout).to.contain('export EXCHANGE_SYNC_EXCHANGES=');
    expect(stdout).to.contain('1 difference from what is true');
    expect(stdout).to.match(
      /bybit\/main balance UNIFIED ARB +total +0\.000000000000000002 +0\.000000000000000001\n/,
    );
  });

  it('cleans up after itself when it is stopped', async () => {
    const program = demo([]);
    await program.printed(/First sync/);
    program.kill('SIGINT');
    const { code } = await program.ended;
    expect(code).to.equal(130);
    expect(await readdir(home)).to.deep.equal([]);
  });
});

/** Each asset is what all the wallets hold that the key may read, and each of them is there. */
function expectQuantities({ items }: Portfolio, { exchanges }: Truth): void {
  const held = new Map<string, string[]>();
  for (const [exchange, { accounts }] of Object.entries(exchanges)) {
    for (const [account, { balances, unreadableWallets }] of Object.entries(accounts)) {
      for (const { wallet, currency, total } of balances) {
        if (unreadableWallets.includes(wallet)) continue;
        const name = `${exchange}/${account} ${currency}`;
        held.set(name, [...(held.get(name) ?? []), total]);
      }
    }
  }
  const truth = [...held].map(([name, totals]) => [name, sum(totals)]).filter(([, total]) => total !== '0');
  const mirrored = items.map((item) => [`${item.exchange}/${item.account} ${item.asset}`, item.quantity]);
  expect(truth).to.have.length.greaterThan(20);
  expect(Object.fromEntries(mirrored.filter(([, quantity]) => quantity !== '0'))).to.deep.equal(
    Object.fromEntries(truth),
  );
}
