import type { Command } from 'commander';
import { formatBackfill } from '../backfill-text.js';
import { formatCoverage } from '../coverage-text.js';
import { describeChanges } from '../demo/changes.js';
import { Demo, type DemoHistory, type Round } from '../demo/demo.js';
import { ExitCode } from '../exit-code.js';
import { coloured, type Display, formatTable, printJson, type Terminal, wrapped } from '../output.js';
import { formatPortfolio } from '../portfolio-table.js';
import { formatProof } from '../proof-text.js';
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
    const {
      rounds: [first, second],
      history,
    } = ended;
    if (json) printJson(terminal, summary(first, second, history));
    else say(formatHistories(history, terminal.out) + formatOutcome(first, second, terminal.out));
    return second.differences.length + first.differences.length === 0 ? ExitCode.OK : ExitCode.FAILED;
  } finally {
    stopped.release();
    await demo.release();
  }
}

function summary(first: Round, second: Round, history: DemoHistory) {
  return {
    reports: [...first.reports, ...second.reports],
    ...history,
    portfolio: second.portfolio,
    truth: second.truth,
    differences: [...first.differences, ...second.differences],
  };
}

/** As the commands of those names show it. */
function formatHistories({ backfill, coverage, proof }: DemoHistory, display: Display): string {
  const parts = {
    backfill: formatBackfill(backfill, display),
    coverage: formatCoverage(coverage.scopes, display, { byScope: false, nowMs: Date.now() }),
    proof: formatProof(proof.assets, display),
  };
  return Object.entries(parts)
    .map(([command, text]) => `\n$ exchange-sync ${command}\n${text}`)
    .join('');
}

function formatOutcome(first: Round, second: Round, display: Display): string {
  const changes = describeChanges(
    { items: first.portfolio.items, mirror: first.mirror },
    { items: second.portfolio.items, mirror: second.mirror },
  );
  return [
    '\nWhat changed between the two syncs:\n',
    ...changes.slice(0, MOST_CHANGES).map((change) => `  ${change}\n`),
    changes.length > MOST_CHANGES ? `  and ${changes.length - MOST_CHANGES} more\n` : '',
    '\nThe portfolio, read back from the database:\n\n',
    formatPortfolio(second.portfolio, display, Date.now()),
    '\n',
    formatComparison(second, display),
    NEXT_STEPS,
  ].join('');
}

const MOST_CHANGES = 12;

function formatComparison({ mirror, differences }: Round, display: Display): string {
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
