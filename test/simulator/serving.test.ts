import { expect } from 'chai';
import type { Clock } from '#src/domain/clock.js';
import { type Simulator, startSimulator } from '#src/simulator/simulator.js';
import { type Answer, ask, askBybit } from './simulated-http.js';

const NOW_MS = 1_780_000_000_000;
const DAY_MS = 24 * 60 * 60_000;
const EXECUTIONS = '/v5/execution/list';
const LOG = '/v5/account/transaction-log';

type Row = Record<string, string>;

describe('lists of what happened', () => {
  let simulator: Simulator;
  let nowMs: number;
  const clock: Clock = { now: () => nowMs, sleep: async () => undefined };

  beforeEach(async () => {
    nowMs = NOW_MS;
    const history = { fills: 60, plain: true, symbols: ['BTC/USDT'] };
    simulator = await startSimulator({
      seed: 'serving',
      clock,
      historyMs: 6 * DAY_MS,
      plan: { accounts: [{ exchange: 'bybit', account: 'main', holdings: [], history }] },
    });
  });

  afterEach(() => simulator.stop());

  const page = async (path: string, query: Record<string, string> = {}): Promise<Answer> => {
    nowMs += 1_000;
    const answer = await askBybit(simulator, path, query, { timestampMs: nowMs });
    expect(answer.json.retCode, answer.json.retMsg).to.equal(0);
    return answer;
  };
  const fills = async (): Promise<Row[]> =>
    (await page(EXECUTIONS, { category: 'spot', limit: '100' })).json.result.list;
  const log = async (): Promise<Row[]> => {
    const rows: Row[] = [];
    let cursor = '';
    const ends = { startTime: String(NOW_MS - 7 * DAY_MS), endTime: String(NOW_MS) };
    do {
      const { json } = await page(LOG, { ...ends, limit: '50', ...(cursor !== '' && { cursor }) });
      rows.push(...json.result.list);
      cursor = json.result.nextPageCursor;
    } while (cursor !== '');
    return rows;
  };

  it('say nothing of a row that is withheld, in the list that is named', async () => {
    const [first = {}, second = {}] = await fills();
    const id = second.execId ?? '';
    simulator.serving.add({ kind: 'withhold', match: { path: EXECUTIONS }, id });
    const left = await fills();
    expect(left.map((row) => row.execId)).not.to.include(id);
    expect(left).to.have.length(59);
    expect(left[0]).to.deep.equal(first);
    expect((await log()).map((row) => row.tradeId)).to.include(id);
  });

  it('say nothing of it anywhere where no list is named, and do when the rule is gone', async () => {
    const id = (await fills())[7]?.execId ?? '';
    const { number } = simulator.serving.add({ kind: 'withhold', match: {}, id });
    expect((await fills()).map((row) => row.execId)).not.to.include(id);
    expect((await log()).map((row) => row.tradeId)).not.to.include(id);
    simulator.serving.clear(number);
    expect((await fills()).map((row) => row.execId)).to.include(id);
  });

  it('show late rows when their time has come', async () => {
    const [newest = {}] = await fills();
    const lateMs = nowMs - Number(newest.execTime) + 10_000;
    simulator.serving.add({ kind: 'late', match: { path: EXECUTIONS }, lateMs });
    expect((await fills()).map((row) => row.execId)).not.to.include(newest.execId);
    nowMs += 10_000;
    expect((await fills()).map((row) => row.execId)).to.include(newest.execId);
  });

  it('repeat rows of the page before where pages drift, and lose none', async () => {
    simulator.serving.add({ kind: 'drift', match: { path: EXECUTIONS }, rows: 3 });
    const query = { category: 'spot', limit: '20' };
    const first = (await page(EXECUTIONS, query)).json.result;
    const second = (await page(EXECUTIONS, { ...query, cursor: first.nextPageCursor })).json.result;
    const ids = (rows: Row[]) => rows.map((row) => row.execId);
    expect(ids(second.list).slice(0, 3)).to.deep.equal(ids(first.list).slice(-3));
    simulator.serving.clear();
    const straight = (await page(EXECUTIONS, { ...query, limit: '40' })).json.result.list;
    expect([...new Set([...ids(first.list), ...ids(second.list)])]).to.deep.equal(ids(straight));
  });

  it('show a row with another content', async () => {
    const id = (await fills())[3]?.execId ?? '';
    simulator.serving.add({ kind: 'change', match: { path: EXECUTIONS }, id, fields: { execQty: '-1' } });
    const changed = (await fills()).filter((row) => row.execQty === '-1');
    expect(changed.map((row) => row.execId)).to.deep.equal([id]);
  });

  it('show rows that never happened where they are told to, on the right page', async () => {
    const timestampMs = NOW_MS - 2 * DAY_MS;
    const fields = { execId: 'never', symbol: 'NOSUCH', execTime: String(timestampMs) };
    simulator.serving.add({ kind: 'inject', match: { path: EXECUTIONS }, id: 'never', timestampMs, fields });
    const rows = await fills();
    const index = rows.findIndex((row) => row.execId === 'never');
    expect(rows).to.have.length(61);
    expect(rows[index]?.symbol).to.equal('NOSUCH');
    expect(Number(rows[index - 1]?.execTime)).to.be.at.least(timestampMs);
    expect(Number(rows[index + 1]?.execTime)).to.be.at.most(timestampMs);
    const paged: Row[] = [];
    let cursor = '';
    do {
      const query = { category: 'spot', limit: '7', ...(cursor !== '' && { cursor }) };
      const { result } = (await page(EXECUTIONS, query)).json;
      paged.push(...result.list);
      cursor = result.nextPageCursor;
    } while (cursor !== '');
    expect(paged.map((row) => row.execId)).to.deep.equal(rows.map((row) => row.execId));
  });

  it('forget earlier where the retention is made shorter, and the truth says so', async () => {
    simulator.serving.add({ kind: 'retention', match: { path: EXECUTIONS }, retentionMs: 2 * DAY_MS });
    const rows = await fills();
    expect(rows.length).to.be.within(1, 59);
    const served = simulator.truth().exchanges.bybit?.accounts.main?.served[EXECUTIONS];
    expect(served).to.deep.equal({ fromMs: nowMs - 2 * DAY_MS, toMs: nowMs });
    expect(rows.every((row) => Number(row.execTime) >= (served?.fromMs ?? 0))).to.equal(true);
    const { fromMs } = simulator.truth().exchanges.bybit?.accounts.main?.served[LOG] ?? {};
    expect(fromMs).to.equal(NOW_MS - 6 * DAY_MS);
  });

  it('are told to go wrong over HTTP as well', async () => {
    const url = `${simulator.url}/control/serving`;
    const id = (await fills())[0]?.execId;
    const rule = JSON.stringify({ kind: 'withhold', match: {}, id });
    const { json } = await ask(url, { method: 'POST', body: rule });
    expect(await fills()).to.have.length(59);
    expect((await ask(url)).json).to.have.length(1);
    await ask(`${url}?number=${json.number}`, { method: 'DELETE' });
    expect(await fills()).to.have.length(60);
    const refused = await ask(url, { method: 'POST', body: '{"kind":"vanish"}' });
    expect(refused.status).to.equal(400);
  });

  it('have a truth that can be read row by row', async () => {
    const rowsOf = async (list: string) => {
      const query = `exchange=bybit&account=main&list=${list}`;
      const { text } = await ask(`${simulator.url}/control/history?${query}`);
      return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    };
    const told = await rowsOf('fills');
    expect(told.map((row) => row.tradeId).reverse()).to.deep.equal((await fills()).map((row) => row.execId));
    expect(told).to.deep.equal(JSON.parse(JSON.stringify([...simulator.history('bybit', 'main').fills()])));
    const ledger = (await rowsOf('ledger')).filter((row) => row.wallet === 'UNIFIED');
    expect(ledger.map((row) => row.id).reverse()).to.deep.equal((await log()).map((row) => row.id));
    expect((await rowsOf('transfers')).length).to.be.greaterThan(4);
    const { happened } = simulator.truth().exchanges.bybit?.accounts.main ?? {};
    expect(happened?.fills).to.equal(60);
    const unknown = await ask(`${simulator.url}/control/history?exchange=bybit&account=none&list=fills`);
    expect([unknown.status, unknown.json.error]).to.deep.equal([400, 'there is no account bybit/none']);
  });
});
