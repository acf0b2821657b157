/*
 * A backfill in a process of its own, which can be killed. Told by its first argument what to read, it writes a
 * line to stdout for each page that was committed, and its report at the end.
 */

import { accountId } from '#src/domain/account.js';
import { createEngine } from '#src/engine/engine.js';
import type { EngineSettings } from '#src/engine/engine-options.js';
import type { SimulatedCredentials } from '#src/simulator/simulator.js';
import { silentLogger } from '../../support/silent-logger.js';

export interface BackfillProcessOptions {
  readonly settings: EngineSettings;
  readonly accounts: readonly SimulatedCredentials[];
}

const { settings, accounts } = JSON.parse(process.env.PROCESS_OPTIONS ?? '') as BackfillProcessOptions;

const print = (name: string, payload: unknown) =>
  process.stdout.write(`${JSON.stringify({ name, payload })}\n`);

const engine = await createEngine({
  settings,
  mode: 'on-demand',
  host: {
    credentials: {
      accounts: async (exchange) =>
        accounts.filter((each) => each.exchange === exchange).map(({ account }) => account),
      resolve: async (account) => {
        const known = accounts.find((each) => accountId(each) === accountId(account));
        return known === undefined ? undefined : { credentials: { ...known.credentials }, source: 'test' };
      },
    },
    logger: silentLogger,
    emit: ({ name, payload }) => void (name === 'history:chunk' && print(name, payload)),
  },
});
print('report', await engine.backfill({ allSymbols: false }));
await engine.stop(5_000);
