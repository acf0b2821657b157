import { HISTORY_LISTS, type HistoryList, type HistoryTruth, type Truth } from '../truth.js';
import {
  KEY_STATES,
  type KeyState,
  PERMISSIONS,
  type Permission,
  type SimulatedAccount,
} from '../world/account.js';
import { rowsOf } from '../world/history/row-list.js';
import type { ServingRule } from '../world/history/serving.js';
import type { World } from '../world/world.js';
import type { Fault, Faults } from './faults.js';
import { jsonReply, type Reply } from './reply.js';
import type { RequestLog } from './request-log.js';

/*
 * The test's side of the simulator, below `/control`. JSON in, JSON out.
 *
 *   GET    /control/truth        everything that is true now: `Truth`
 *   POST   /control/advance      { steps?: 1 }; the market moves and people trade; answers { steps, timestampMs }
 *   GET    /control/history      ?exchange=bybit&account=main&list=fills; what happened: one JSON text per line
 *   GET    /control/serving      ActiveRule[]; what goes wrong with the lists of what happened
 *   POST   /control/serving      ServingRule; answers the ActiveRule
 *   DELETE /control/serving      clears all, or with ?number=1 that one
 *   GET    /control/requests     { total, requests: RequestCount[] } since the last reset
 *   DELETE /control/requests     starts counting anew
 *   GET    /control/faults       ActiveFault[]
 *   POST   /control/faults       Fault; answers the ActiveFault
 *   DELETE /control/faults       clears all, or with ?id=1 that one
 *   POST   /control/transfers    { exchange, account, id, status: 'ok'|'failed'|'canceled' }; of what is on its way
 *   POST   /control/keys         { exchange, account, state?: KeyState, permissions?: Permission[] }
 *   POST   /control/clock        { offsetMs }; the exchanges' clock from now on, against this machine's
 */

export interface ControlOptions {
  readonly world: World;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly truth: () => Truth;
  readonly history: (exchange: string, account: string) => HistoryTruth;
  readonly setClockOffset: (offsetMs: number) => void;
}

type Body = Readonly<Record<string, unknown>>;
type Serve = (options: ControlOptions, body: Body, query: URLSearchParams) => unknown;

const ROUTES: Readonly<Record<string, Serve>> = {
  'GET /control/truth': ({ truth }) => truth(),
  'POST /control/advance': ({ world }, { steps = 1 }) => {
    for (let step = 0; step < wholeNumber('steps', steps); step += 1) world.advance();
    return { steps: world.steps, timestampMs: world.now() };
  },
  'GET /control/requests': ({ requests }) => {
    const counts = requests.counts();
    return { total: counts.reduce((total, { count }) => total + count, 0), requests: counts };
  },
  'DELETE /control/requests': ({ requests }) => requests.reset(),
  'GET /control/faults': ({ faults }) => faults.active(),
  'POST /control/faults': ({ faults }, body) => faults.add(body as unknown as Fault),
  'DELETE /control/faults': ({ faults }, _body, query) => {
    const id = query.get('id');
    faults.clear(id === null ? undefined : Number(id));
  },
  'GET /control/serving': ({ world }) => world.serving.active(),
  'POST /control/serving': ({ world }, body) => world.serving.add(body as unknown as ServingRule),
  'DELETE /control/serving': ({ world }, _body, query) => {
    const number = query.get('number');
    world.serving.clear(number === null ? undefined : Number(number));
  },
  'POST /control/transfers': settleTransfer,
  'POST /control/keys': changeKey,
  'POST /control/clock': ({ setClockOffset }, { offsetMs }) =>
    setClockOffset(wholeNumber('offsetMs', offsetMs)),
};

/** Many rows, one JSON text per line; undefined when something else is asked for. */
export function controlRows(
  { history }: ControlOptions,
  { method, url }: { method: string; url: URL },
): Iterable<object> | undefined {
  if (method !== 'GET' || url.pathname !== '/control/history') return undefined;
  const [exchange = '', account = '', list] = ['exchange', 'account', 'list'].map(
    (name) => url.searchParams.get(name) ?? '',
  );
  return history(exchange, account)[oneOf<HistoryList>('list', HISTORY_LISTS, list)]();
}

/** A sentence for the caller. */
export function controlError(error: unknown): Reply | undefined {
  return error instanceof RangeError || error instanceof SyntaxError
    ? jsonReply(400, { error: error.message })
    : undefined;
}

export function control(
  options: ControlOptions,
  { method, url, body }: { method: string; url: URL; body: string },
): Reply {
  const serve = ROUTES[`${method} ${url.pathname}`];
  if (serve === undefined) return jsonReply(404, { error: `there is no ${method} ${url.pathname}` });
  try {
    const parsed = body === '' ? {} : (JSON.parse(body) as Body);
    return jsonReply(200, serve(options, parsed, url.searchParams) ?? { ok: true });
  } catch (error: unknown) {
    const reply = controlError(error);
    if (reply === undefined) throw error;
    return reply;
  }
}

const ENDS = ['ok', 'failed', 'canceled'] as const;

function settleTransfer({ world }: ControlOptions, body: Body): unknown {
  const account = accountOf(world, body);
  const status = oneOf<(typeof ENDS)[number]>('status', ENDS, body.status);
  const pending = (['deposit', 'withdrawal'] as const)
    .flatMap((kind) => rowsOf(account.history.transfers(kind)))
    .find((transfer) => transfer.id === body.id && transfer.status === 'pending');
  if (pending === undefined) {
    throw new RangeError(`${body.exchange}/${body.account} has no transfer ${body.id} that is on its way`);
  }
  world.treasury.settle(account, pending, status, world.now());
  return { id: pending.id, status };
}

function accountOf(world: World, { exchange, account: name }: Body): SimulatedAccount {
  const account = world.account(String(exchange), String(name));
  if (account === undefined) throw new RangeError(`there is no account ${exchange}/${name}`);
  return account;
}

function changeKey({ world }: ControlOptions, body: Body): unknown {
  const account = accountOf(world, body);
  if (body.state !== undefined) account.keyState = oneOf<KeyState>('state', KEY_STATES, body.state);
  if (Array.isArray(body.permissions)) {
    const permissions = body.permissions.map((one) => oneOf<Permission>('permissions', PERMISSIONS, one));
    account.permissions = new Set(permissions);
  }
  return { state: account.keyState, permissions: [...account.permissions] };
}

function oneOf<T extends string>(name: string, allowed: readonly T[], value: unknown): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new RangeError(`${name} must be one of: ${allowed.join(', ')}`);
  return found;
}

function wholeNumber(name: string, value: unknown): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw new RangeError(`${name} must be a whole number`);
}
