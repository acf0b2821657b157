import { expect } from 'chai';
import type { BackfillReport, HistoryChunk } from '#src/domain/backfill-report.js';
import type { Coverage } from '#src/domain/coverage-view.js';
import type { Proof } from '#src/domain/proof-view.js';
import { CLI, type Program } from './support/program.js';
import { useSandbox } from './support/sandbox.js';

const DAY_MS = 24 * 60 * 60_000;
const DAYS = 60;
const FILLS = 400;
const ERASE_LINE = '\r\u001B[2K';

type Line = ({ readonly type: 'chunk' } & HistoryChunk) | ({ readonly type: 'result' } & BackfillReport);

describe('the commands for histories', function () {
  this.timeout(120_000);
  const openedOn = new Date(Date.now() - DAYS * DAY_MS).toISOString().slice(0, 10);
  const sandbox = useSandbox({
    seed: 'commands',
    historyMs: DAYS * DAY_MS,
    exchanges: ['bybit'],
    plan: {
      accounts: [{ exchange: 'bybit', account: 'main', holdings: [], history: { fills: FILLS } }],
    },
  });
  const OPENED = { env: { BYBIT_OPENED_ON: openedOn } };

  const linesOf = ({ stdout }: { stdout: string }): readonly Line[] =>
    stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Line]));
  const storedFills = async () =>
    (await sandbox.stored.query<{ count: number }>('SELECT count(*)::int FROM :exchange_trades'))[0]?.count;
  const onTerminal = (command: string): Program =>
    sandbox.spawn('script', ['-qec', `"${process.execPath}" "${CLI}" ${command}`, '/dev/null'], {
      env: { ...OPENED.env, TERM: 'xterm', COLUMNS: '200' },
    });

  it('end with 2 and a sentence for what can not be meant', async () => {
    const refused: readonly (readonly [args: readonly string[], words: RegExp])[] = [
      [['backfill', '--from', 'yesterday'], /"yesterday" is not a date; give a day such as/],
      [['backfill', '--from', '2999-01-01'], /"2999-01-01" is in the future/],
      [['backfill', '--from', '2001-01-01'], /"2001-01-01" is before there was any coin/],
      [
        ['backfill', 'bybit', '--from', '2015-01-01'],
        /"2015-01-01" is before bybit existed; .* on, or leave it out/,
      ],
      [['backfill', 'bibyt'], /no exchange "bibyt"; did you mean .*bybit/],
      [['repair', '2024-01-01'], /e\.g\. 2024-01-31\.\.2024-02-02/],
      [['repair', '2024-01-02..2024-01-01'], /does not come after 2024-01-02/],
      [['repair', '2024-01-01..2024-01-02', '--type', 'trade'], /did you mean trades/],
      [['coverage', 'bibyt'], /did you mean .*bybit/],
      [['proof', 'bibyt'], /did you mean .*bybit/],
    ];
    for (const [args, words] of refused) {
      const { code, stdout, stderr } = await sandbox.run(args);
      expect(stderr, args.join(' ')).to.match(words);
      expect([code, stdout], args.join(' ')).to.deep.equal([2, '']);
    }
  });

  it('stop at a signal, and go on where they were', async () => {
    const program = sandbox.start(['backfill'], OPENED);
    await program.printed(/"dataType":"transfers".*\n/, 60_000);
    program.kill('SIGINT');
    const { code, stderr } = await program.ended;
    expect(code).to.equal(130);
    expect(stderr).to.match(/Stopped\. What was read is stored; the same command goes on from there\.\n$/);
    expect(await storedFills()).to.be.below(FILLS);
    const [covered] = await sandbox.stored.query('SELECT FROM :sync_coverage LIMIT 1');
    expect(covered, 'what was read').to.not.equal(undefined);
  });

  it('write a line of JSON for each page in a pipe, and the result at the end', async () => {
    const before = (await storedFills()) ?? 0;
    const ended = await sandbox.run(['backfill'], OPENED);
    expect(ended.code, ended.stderr).to.equal(0);
    const lines = linesOf(ended);
    const result = lines.at(-1);
    expect(result?.type).to.equal('result');
    const chunks = lines.slice(0, -1).map((line) => line as HistoryChunk & { type: string });
    expect(chunks.every(({ type }) => type === 'chunk')).to.equal(true);
    const trades = chunks.filter(({ dataType }) => dataType === 'trades');
    expect(trades.at(-1)?.doneMs).to.equal(trades.at(-1)?.totalMs);
    const report = (result as Line & BackfillReport).results.find(({ dataType }) => dataType === 'trades');
    expect(report).to.include({ status: 'ok', newRows: FILLS - before });
    expect(await storedFills()).to.equal(FILLS);
  });

  it('show a bar on a terminal, then what was read', async function () {
    await sandbox.stored.query('DELETE FROM :exchange_trades');
    await sandbox.stored.query('DELETE FROM :sync_coverage');
    const terminal = onTerminal('backfill');
    const ended = await terminal.ended.catch((error: NodeJS.ErrnoException) => error.code);
    if (ended === 'ENOENT') {
      process.stderr.write('      skipped: script of util-linux is not installed\n');
      return this.skip();
    }
    expect(ended).to.have.property('code', 0);
    const drawn = terminal.stdout.split(ERASE_LINE);
    const bars = drawn.filter((line) => /^\[#*-*\] +\d+ % {2}\d+ rows {2}\d+ rows\/s/.test(line));
    expect(bars).to.have.length.greaterThan(3);
    const table = terminal.stdout.slice(terminal.stdout.indexOf('ACCOUNT'));
    expect(table).to.match(/bybit\/main +trades +.*ok.* +\d+ +400 +\d+/);
    expect(table).to.contain('Everything that the exchanges serve is read.');
    expect(table, 'what is left of the bar below').to.not.contain('rows/s');
  });

  it('show what is covered, as a table and as JSON', async () => {
    const { code, stdout } = await sandbox.run(['coverage'], OPENED);
    expect(code).to.equal(0);
    expect(stdout).to.match(/^ACCOUNT +DATA +PROVEN +FROM +GAPS +LOST +SET ASIDE +NEXT LOSS\n/);
    expect(stdout).to.match(new RegExp(`^bybit/main +trades +100 % +${openedOn} +0 +0 +0 `, 'm'));
    expect(stdout).to.match(/Every history is complete from where it begins\.\n$/);
    const scopes = await sandbox.run(['coverage', 'bybit', '--scopes'], OPENED);
    expect(scopes.stdout).to.match(/^bybit\/main +trades +spot +100 % /m);
    const json = await sandbox.run(['coverage', '--json'], OPENED);
    const { scopes: all } = JSON.parse(json.stdout) as Coverage;
    expect(all.every(({ gaps }) => gaps.length === 0)).to.equal(true);
  });

  it('prove every asset', async () => {
    const { code, stdout } = await sandbox.run(['proof'], OPENED);
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/^Add up \(opening \+ fills \+ fees \+ transfers \+ ledger = reported\):\n/);
    expect(stdout).to.match(/All \d+ assets add up to the last digit\.\n$/);
    const { assets } = JSON.parse((await sandbox.run(['proof', '--json'], OPENED)).stdout) as Proof;
    expect(new Set(assets.map(({ state }) => state))).to.deep.equal(new Set(['proven']));
  });

  it('read a range again', async () => {
    const [day] = await sandbox.stored.query<{ from: string; to: string }>(
      `SELECT min(timestamp)::date::text AS from, (min(timestamp)::date + 2)::text AS to FROM :exchange_trades`,
    );
    const range = `${day?.from}..${day?.to}`;
    await sandbox.stored.query('DELETE FROM :exchange_trades WHERE timestamp < $1', [day?.to]);
    const gone = FILLS - ((await storedFills()) ?? 0);
    const repaired = await sandbox.run(['repair', range, 'bybit/main', '--type', 'trades', '--json'], OPENED);
    expect(repaired.code, repaired.stderr).to.equal(0);
    const [result] = (linesOf(repaired).at(-1) as Line & BackfillReport).results;
    expect(result).to.include({ status: 'ok', newRows: gone });
    expect(await storedFills()).to.equal(FILLS);
  });

  it('say of a range that is lost that it is', async () => {
    const { code, stdout } = await sandbox.run([
      'repair',
      '2023-01-01..2023-01-05',
      '--type',
      'trades',
      '--json',
    ]);
    expect(code).to.equal(3);
    const [result] = (linesOf({ stdout }).at(-1) as Line & BackfillReport).results;
    expect(result?.lost).to.not.deep.equal([]);
  });
});
