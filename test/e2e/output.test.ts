import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Portfolio } from '#src/domain/portfolio-view.js';
import type { SyncReport } from '#src/domain/report.js';
import type { HistoryEntry } from '#src/domain/sync-history.js';
import type { SynchronizerStatus } from '#src/domain/synchronizer-status.js';
import { CLI } from './support/program.js';
import { useSandbox } from './support/sandbox.js';

const ERASE_LINE = '\r\u001B[2K';

describe('what the command line prints', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ exchanges: ['bybit'] });

  async function printed(args: readonly string[], code = 0): Promise<string> {
    const ended = await sandbox.run(args);
    expect(ended.code, ended.stderr).to.equal(code);
    expect(ended.stderr, args.join(' ')).to.equal('');
    return ended.stdout;
  }

  it('is help for every command, with what its flags mean', async () => {
    const help = await printed(['--help']);
    const commands = [...help.matchAll(/^ {2}([a-z]+)\b/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
    const known = ['run', 'status', 'portfolio', 'history', 'migrate', 'demo'];
    expect(commands).to.include.members(known);
    expect(help).to.contain('Exit codes: 0 all ok');
    for (const command of known) {
      const text = await printed([command, '--help']);
      expect(text).to.match(new RegExp(`^Usage: exchange-sync ${command} `));
      expect(text).to.match(/--json +\S/);
      if (command !== 'demo') expect(text).to.match(/--log-level <level> .*\(default: INFO\)/s);
    }
    expect(await printed(['run', '--help'])).to.match(/--one-time +\S.*--interval <minutes> +\S/s);
  });

  it('says before the first sync that there is nothing, and what to do', async () => {
    const { code, stdout, stderr } = await sandbox.run(['status']);
    expect(code).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr).to.match(/SCHEMA_OUTDATED: .*exchange-sync migrate/);

    const migrated = await printed(['migrate']);
    expect(migrated).to.match(
      new RegExp(`^Schema ${sandbox.stored.schema} migrated from version 0 to \\d+:\n`),
    );
    expect(await printed(['migrate'])).to.match(/is up to date at version \d+\.\n$/);
    expect(JSON.parse(await printed(['migrate', '--json']))).to.deep.include({ applied: [] });
    expect(await printed(['status'])).to.match(/^Nothing has been synced yet.*exchange-sync run --one-time/s);
    expect(await printed(['portfolio'])).to.match(/^The portfolio is empty/);
    expect(await printed(['history'])).to.match(/^No such sync/);
    expect(await printed(['history', '--json'])).to.equal('[]\n');
  });

  describe('of a single run', () => {
    it('is a table, then each problem; logs go to stderr and the file, progress nowhere', async () => {
      const { code, stdout, stderr } = await sandbox.run(['run', '--one-time', '--log-dir', 'elsewhere']);
      expect(code).to.equal(3);
      const [header, ...rows] = stdout.split('\n');
      expect(header).to.match(/^ACCOUNT +DATA +STATUS +ROWS +REQUESTS +MS$/);
      expect(rows[0]).to.match(/^bybit\/main +balances +ok +\d+ +\d+ +\d+$/);
      expect(stdout).to.match(/\n\nbybit\/sub1 balances wallet=FUND: PERMISSION_DENIED\b/);
      expect(stdout + stderr).to.not.contain('\u001B');
      for (const line of stderr.trimEnd().split('\n')) {
        expect(line).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z (INFO|WARNING) +\[(-|[0-9a-f-]{36})\] /);
      }
      const files = await readdir(join(sandbox.home, 'elsewhere'));
      expect(files.filter((name) => /^exchange_sync_.*\.log$/.test(name))).to.have.length(1);
    });

    it('is nothing but JSON on stdout where that is asked for', async () => {
      const { code, stdout } = await sandbox.run(['run', '--one-time', '--json', '--log-level', 'debug']);
      expect(code).to.equal(3);
      const reports = JSON.parse(stdout) as SyncReport[];
      expect(reports).to.have.length(15);
      expect(stdout.endsWith('\n')).to.equal(true);
    });

    it('is a line of progress on a terminal', async function () {
      const terminal = sandbox.spawn(
        'script',
        ['-qec', `"${process.execPath}" "${CLI}" run --one-time`, '/dev/null'],
        {
          env: { TERM: 'xterm', COLUMNS: '200' },
        },
      );
      const ended = await terminal.ended.catch((error: NodeJS.ErrnoException) => error.code);
      if (ended === 'ENOENT') {
        process.stderr.write('      skipped: script of util-linux is not installed\n');
        return this.skip();
      }
      expect(ended).to.have.property('code', 3);
      const drawn = terminal.stdout.split(ERASE_LINE);
      expect(
        drawn.filter((line) => /^\d+ done, syncing bybit\/\S+ [a-z]+/.test(line)),
      ).to.have.length.greaterThan(3);
      const table = terminal.stdout.slice(terminal.stdout.indexOf('ACCOUNT'));
      expect(table, 'what is left of it below the table').to.not.contain('syncing');
    });
  });

  describe('of what is stored', () => {
    it('is a table for people', async () => {
      expect(await printed(['status'])).to.match(/^ACCOUNT +DATA +STATUS .*\nbybit\/\* +prices +ok +\S/);
      const portfolio = await printed(['portfolio', '--account', 'bybit/main']);
      expect(portfolio).to.match(/^bybit\/main +AIRDROP +77777 +— +— /m);
      expect(portfolio).to.match(/^Value: [\d.,]+ USDT\n.*1 asset without a price/m);
      expect(portfolio).to.not.contain('sub1 ');
      expect(await printed(['history', '--data', 'prices', '--limit', '1'])).to.match(
        /^STARTED .*\n\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +bybit\/\* +prices +ok .*\n$/,
      );
      expect(await printed(['history', '--failed'])).to.match(/^No such sync/);
    });

    it('is nothing but JSON for programs', async () => {
      const status = JSON.parse(await printed(['status', '--json'])) as SynchronizerStatus;
      expect(status.dataTypes).to.have.length(15);
      expect(
        status.suspensions.map(({ account, scope }) => [account, scope?.split(' ').at(-1)]),
      ).to.have.deep.members(
        ['wallet=FUND', 'deposits', 'deposits:internal', 'withdrawals', 'wallets', 'accounts', 'FUND'].map(
          (scope) => ['sub1', scope],
        ),
      );
      const portfolio = JSON.parse(await printed(['portfolio', '--json'])) as Portfolio;
      expect(portfolio.items.find(({ asset }) => asset === 'ARB')).to.include({
        quantity: '0.000000000000000001',
        avgEntryPrice: null,
      });
      const history = JSON.parse(await printed(['history', '--json', '--limit', '5'])) as HistoryEntry[];
      expect(history).to.have.length(5);
    });
  });
});
