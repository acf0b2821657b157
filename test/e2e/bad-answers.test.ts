import { expect } from 'chai';
import type { SyncReport } from '#src/domain/report.js';
import type { Fault } from '#src/simulator/http/faults.js';
import { until } from '../support/until.js';
import type { Ended, Program } from './support/program.js';
import { useSandbox } from './support/sandbox.js';

/** Half a minute without the rest of a body, and then the retry. */
const STALLED_MS = 30_000;
/** Less than what container runtimes wait before they kill. */
const STOP_DEADLINE_MS = 10_000;

describe('an answer that is none', function () {
  this.timeout(90_000);

  const sandbox = useSandbox({ exchanges: ['bybit'] });
  let program: Program;
  let startedMs: number;

  before('begin to wait for a body that never ends', () => {
    const match = { path: '/v5/account/wallet-balance', account: 'main' };
    sandbox.simulator.faults.add({ match, times: 1, effect: { kind: 'stall' } });
    startedMs = performance.now();
    program = sandbox.start(['run', '--one-time', '--json']);
  });

  describe('because it is something else', () => {
    const other = useSandbox({ exchanges: ['bybit'] });

    before('sync well first', async () => {
      const { code, stderr } = await other.run(['run', '--one-time']);
      expect(code, stderr).to.equal(3);
    });

    const unified = { path: '/v5/account/wallet-balance' };
    const linear = { path: '/v5/position/list', query: { settleCoin: 'USDT' } };
    const cases: readonly {
      readonly what: string;
      readonly effect: Fault['effect'];
      readonly match: Fault['match'];
      readonly dataType: string;
    }[] = [
      { what: 'an HTML page', effect: { kind: 'html' }, match: unified, dataType: 'balances' },
      { what: 'truncated JSON', effect: { kind: 'truncated' }, match: linear, dataType: 'positions' },
    ];
    for (const { what, effect, match, dataType } of cases) {
      it(`${what} with status 200 is unknown: rows keep value and age`, async () => {
        other.simulator.world.advance();
        const stored = await rowsOf(dataType);
        const scopes = await completedScopes(dataType);
        const fault = other.simulator.faults.add({ match: { ...match, account: 'main' }, effect });
        const ended = await other.run(['run', '--one-time', '--json']);
        other.simulator.faults.clear(fault.id);
        expect(ended.code).to.not.equal(0);
        const report = reportOf(ended, dataType);
        expect(report?.status).to.be.oneOf(['partial', 'failed']);
        expect(report?.errors[0]?.code).to.equal('EXCHANGE_BAD_RESPONSE');
        const failed = new Set(report?.errors.map(({ scope }) => scope));
        expect(failed).to.not.include(undefined);
        const unread = ({ scope }: { scope: string }) => failed.has(scope);
        expect(scopes.filter(unread)).to.have.length.greaterThan(0);
        expect((await completedScopes(dataType)).filter(unread)).to.deep.equal(scopes.filter(unread));
        expect((await rowsOf(dataType)).filter(unread)).to.deep.equal(stored.filter(unread));
        expect(stored.filter(unread)).to.have.length.greaterThan(0);
      });
    }

    it('what was missed is mended by the next sync', async () => {
      const ended = await other.run(['run', '--one-time', '--json']);
      expect(reportOf(ended, 'balances')?.status).to.equal('ok');
      expect(reportOf(ended, 'positions')?.status).to.equal('ok');
    });

    async function rowsOf(dataType: string): Promise<readonly { scope: string }[]> {
      return await other.stored.query<{ scope: string }>(
        `SELECT t.scope, t::text AS row FROM :exchange_${dataType} t WHERE account = 'main' ORDER BY 2`,
      );
    }

    async function completedScopes(dataType: string): Promise<readonly { scope: string }[]> {
      return await other.stored.query<{ scope: string }>(
        `SELECT scope, last_complete_at::text FROM :sync_scopes
           WHERE account = 'main' AND data_type = $1 ORDER BY 1`,
        [dataType],
      );
    }
  });

  describe('while it is waited for', () => {
    const other = useSandbox({ exchanges: ['bybit'] });

    it('holds up neither a service nor a single run that is stopped', async () => {
      const { faults } = other.simulator;
      faults.add({ match: { path: '/v5/account/wallet-balance' }, effect: { kind: 'stall' } });
      // An account each, since one process at a time syncs an account.
      const ofSub1 = { BYBIT_API_KEY: undefined, BYBIT_API_SECRET: undefined };
      const ofMain = { BYBIT_SUB1_API_KEY: undefined, BYBIT_SUB1_API_SECRET: undefined };
      const once = other.start(['run', '--one-time', '--json'], { env: ofMain });
      const service = other.start(['run', '--json'], { env: ofSub1 });
      await until('both that wait', () => (faults.active()[0]?.hits ?? 0) >= 2);
      const signalledMs = performance.now();
      once.kill('SIGINT');
      service.kill('SIGTERM');
      const [interrupted, terminated] = await Promise.all([once.ended, service.ended]);
      expect(performance.now() - signalledMs).to.be.lessThan(STOP_DEADLINE_MS);
      expect(interrupted).to.deep.include({ code: 130, stdout: '' });
      expect(terminated).to.deep.include({ code: 143 });
    });
  });

  describe('because its body never ends', () => {
    it('is given up at the deadline and asked for again', async () => {
      const ended = await program.ended;
      expect(performance.now() - startedMs).to.be.greaterThan(STALLED_MS);
      expect(ended.code, ended.stderr).to.equal(3);
      expect(reportOf(ended, 'balances')?.status).to.equal('ok');
    });
  });
});

function reportOf({ stdout }: Ended, dataType: string): SyncReport | undefined {
  const reports = JSON.parse(stdout) as SyncReport[];
  return reports.find((report) => report.account === 'main' && report.dataType === dataType);
}
