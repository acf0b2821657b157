import { expect } from 'chai';
import { findDifferences } from '#src/cli/demo/differences.js';
import type { SyncReport } from '#src/domain/report.js';
import type { Truth } from '#src/simulator/truth.js';
import { okxPlan } from '#src/simulator/world/presets/okx.js';
import { useSandbox } from './support/sandbox.js';

describe('accounts at okx', function () {
  this.timeout(60_000);
  const sandbox = useSandbox({ seed: 'okx', plan: okxPlan, exchanges: ['okx'] });

  /** The world has markets of other exchanges too, which are not configured. */
  function truth(): Truth {
    const { exchanges, ...rest } = sandbox.simulator.truth();
    return { ...rest, exchanges: { okx: exchanges.okx! } };
  }

  async function sync(env: Readonly<Record<string, string>> = {}): Promise<readonly SyncReport[]> {
    const { stdout } = await sandbox.run(['run', '--one-time', '--json'], { env });
    return JSON.parse(stdout) as SyncReport[];
  }

  for (const round of ['at first', 'after some trading', 'after some more']) {
    it(`are in the database as they are at the exchange, ${round}`, async () => {
      const reports = await sync();
      expect(findDifferences(await sandbox.stored.mirror(), truth())).to.deep.equal([]);
      const unlike = reports.filter(({ status }) => status !== 'ok');
      // The key of one account may not read its funding wallet.
      expect(unlike.map(({ account, dataType, status }) => [account, dataType, status])).to.deep.equal([
        ['sub1', 'balances', 'partial'],
        ['sub1', 'transfers', 'partial'],
        ['sub1', 'ledger', 'partial'],
        ['sub1', 'portfolio', 'partial'],
      ]);
      for (let step = 0; step < 3; step += 1) sandbox.simulator.world.advance();
    });
  }

  it('are not read with a wrong passphrase, whose variable is named, and nothing stored is changed', async () => {
    const stored = await sandbox.stored.mirrored();
    const reports = await sync({
      OKX_API_PASSWORD: 'wrong-passphrase',
      OKX_SUB1_API_PASSWORD: 'wrong-passphrase',
      OKX_EMPTY_API_PASSWORD: 'wrong-passphrase',
    });
    const balances = reports.filter(({ dataType }) => dataType === 'balances');
    expect(balances.map(({ status }) => status)).to.deep.equal(['failed', 'failed', 'failed']);
    const messages = balances.map(({ errors }) => errors[0]?.message ?? '');
    expect(messages.find((message) => message.includes('okx/main'))).to.include('OKX_API_PASSWORD');
    expect(messages.find((message) => message.includes('okx/sub1'))).to.include('OKX_SUB1_API_PASSWORD');
    expect(JSON.stringify(reports)).to.not.include('wrong-passphrase');
    const { exchange_prices: _, ...kept } = stored;
    const { exchange_prices: __, ...now } = await sandbox.stored.mirrored();
    expect(now).to.deep.equal(kept);
  });
});
