import type { Command } from 'commander';
import { describeChanges } from '../demo/changes.js';
import { Demo, type Round } from '../demo/demo.js';
import { ExitCode } from '../exit-code.js';
import { coloured, type Display, formatTable, printJson, type Terminal, wrapped } from '../output.js';
import { formatPortfolio } from '../portfolio-table.js';
import { formatReports } from '../report-table.js';
import { untilSignal } from '../signals.js';

interface DemoFlags {
  readonly json?: boolean;
}

/** `demo`: needs no key, no database and no network. */
export function addDemoCommand(program: Command, terminal: Terminal, exit: (code: ExitCode) => void): void {
  program
    .command('demo')
    .description(
      'show the main job on simulated exchanges: no keys, no database, nothing of yours is touched',
    )
    .option('--json', 'Print one JSON object: reports, portfolio, truth, differences.')
    .action(async (flags: DemoFlags) => exit(await runDemo(flags, terminal)));
}

async function runDemo({ json = false }: DemoFlags, terminal: Terminal): Promise<ExitCode> {
  const say = (text: string) => void (json ? 0 : terminal.out.write(text));
  const demo = new Demo();
  const stopped = untilSignal();
  try {
    const running = demo.run({
      step: (text) => say(`${wrapped(text, terminal.out)}\n`),
      round: ({ reports, durationMs }) =>
        say(`\n${formatReports(reports, terminal.out)}\nTook ${durationMs} ms.\n\n`),
    });
    const ended = await Promise.race([running, stopped.signal]);
    if (typeof ended === 'string') return ExitCode[ended];
    const [first, second] = ended as readonly [Round, Round];
    if (json) printJson(terminal, summary(first, second));
    else say(formatOutcome(first, second, terminal.out));
    return second.differences.length + first.differences.length === 0 ? ExitCode.OK : ExitCode.FAILED;
  } finally {
    stopped.release();
    await demo.release();
  }
}

function summary(first: Round, second: Round) {
  return {
    reports: [...first.reports, ...second.reports],
    portfolio: second.portfolio,
    truth: second.truth,
    differences: [...first.differences, ...second.differences],
  };
}

function formatOutcome(first: Round, second: Round, display: Display): string {
  const changes = describeChanges(
    { items: first.portfolio.items, mirror: first.mirror },
    { items: second.portfolio.items, mirror: second.mirror },
  );
  return [
    'What changed between the two:\n',
    ...changes.slice(0, MOST_CHANGES).map((change) => `  ${change}\n`),
    changes.length > MOST_CHANGES ? `  and ${changes.length - MOST_CHANGES} more\n` : '',
    '\nThe portfolio, read back from the database:\n\n',
    formatPortfolio(second.portfolio, display, Date.now()),
    '\n',
    formatProof(second, display),
    NEXT_STEPS,
  ].join('');
}

const MOST_CHANGES = 12;

function formatProof({ mirror, differences }: Round, display: Display): string {
  const { balances, positions, orders, prices } = mirror;
  if (differences.length === 0) {
    const equal = `Compared with what is true at the exchanges: ${balances.length} balances, ${positions.length} positions, ${orders.length} open orders and ${prices.length} prices are equal to the last digit.`;
    return `${coloured(wrapped(equal, display), 'green', display)}\n`;
  }
  const table = formatTable(
    differences,
    [
      { title: 'row', cell: ({ row }) => row },
      { title: 'field', cell: ({ field }) => field },
      { title: 'exchange', align: 'right', cell: ({ truth }) => truth },
      { title: 'database', align: 'right', cell: (difference) => difference.mirror },
    ],
    display,
  );
  const count = differences.length === 1 ? '1 difference' : `${differences.length} differences`;
  return `${count} from what is true at the exchanges:\n\n${table}`;
}

const NEXT_STEPS = `
To go on with your own accounts (a key that may only read is enough):

  export EXCHANGE_SYNC_EXCHANGES=bybit
  export BYBIT_API_KEY=... BYBIT_API_SECRET=...    # or lines of a file .env
  npx exchange-sync run --one-time     # sync once, into ./.exchange-sync
  npx exchange-sync portfolio          # what you hold and what it is worth
  npx exchange-sync run                # keep it fresh

With a PostgreSQL of yours:

  export DATABASE_URL=postgresql://user:password@host:5432/database
`;
