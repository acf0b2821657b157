import { expect } from 'chai';
import { DatabaseKeeper } from '#src/bridge/database-keeper.js';
import type { DatabaseServer } from '#src/bridge/host-parts.js';
import { RESTART } from '#src/bridge/restart-backoff.js';
import { ManualClock } from '../support/manual-clock.js';

const SETTINGS = {
  kind: 'server',
  host: '127.0.0.1',
  port: 5_432,
  user: 'u',
  password: 'p',
  database: 'd',
  schema: 'public',
  tls: 'disable',
} as const;

describe('DatabaseKeeper', () => {
  function keep({ failures = 0, persistent = true } = {}) {
    const clock = new ManualClock();
    const seen = { starts: 0, stops: 0, failures: 0, restarts: 0 };
    let end: () => void = () => undefined;
    const keeper = new DatabaseKeeper({
      start: async (onEnd): Promise<DatabaseServer> => {
        seen.starts += 1;
        end = onEnd;
        if (seen.starts <= failures) throw new Error('no start today');
        return {
          settings: SETTINGS,
          stop: async () => {
            seen.stops += 1;
          },
        };
      },
      clock,
      restart: RESTART,
      persistent,
      onFailure: () => {
        seen.failures += 1;
      },
      onRestart: () => {
        seen.restarts += 1;
      },
    });
    /** Each server ends once. */
    const endServer = () => {
      const ended = end;
      end = () => undefined;
      ended();
    };
    return { clock, keeper, seen, end: endServer };
  }

  it('tries again with backoff until the server starts', async () => {
    const { clock, keeper, seen } = keep({ failures: 2 });
    const started = keeper.start();
    await clock.advance(999);
    expect(seen).to.include({ starts: 1, failures: 1 });
    await clock.advance(1 + 2_000);
    expect(await started).to.equal(SETTINGS);
    expect(seen).to.deep.equal({ starts: 3, stops: 0, failures: 2, restarts: 0 });
    await keeper.stop();
  });

  it('does not start a server that ends at once in a tight loop', async () => {
    const { clock, keeper, seen, end } = keep();
    await keeper.start();
    for (let second = 1; second <= 60; second += 1) {
      end();
      await clock.advance(1_000);
    }
    expect(seen.starts).to.be.within(4, 7);
    await keeper.stop();
  });

  it('starts a server that ended once it had run well, and tells it', async () => {
    const { clock, keeper, seen, end } = keep();
    await keeper.start();
    await clock.advance(RESTART.ranWellMs);
    end();
    await clock.advance(1_000);
    expect(seen).to.include({ starts: 2, restarts: 1 });
    await keeper.stop();
    expect(seen.stops).to.equal(1);
  });

  it('starts nothing more once it is stopped', async () => {
    const { clock, keeper, seen, end } = keep();
    await keeper.start();
    end();
    await keeper.stop();
    await clock.advance(3_600_000);
    expect(seen).to.include({ starts: 1, restarts: 0 });
    expect(clock.sleepers).to.equal(0);
  });

  it('fails at once unless it is to persist', async () => {
    const { keeper, seen } = keep({ failures: 1, persistent: false });
    let failure: unknown;
    await keeper.start().catch((error: unknown) => {
      failure = error;
    });
    expect(failure).to.be.instanceOf(Error).and.include({ message: 'no start today' });
    expect(seen).to.include({ starts: 1, failures: 0 });
  });
});
