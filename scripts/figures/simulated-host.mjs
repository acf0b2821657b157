// What the measured hosts share: simulated exchanges in a process of their own, and options that reach them.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** `entry`: a module that sends `{ url, proxyUrls, accounts }` when it is ready. */
export async function startSimulatedExchanges(entry, args = []) {
  const child = fork(new URL(entry, import.meta.url), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [ready] = await once(child, 'message');
  return {
    ...ready,
    control: async (method, path) => (await fetch(`${ready.url}/control/${path}`, { method })).json(),
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

export function optionsFor({ proxyUrls, accounts }, exchanges) {
  return {
    env: {},
    exchanges,
    connections: Object.fromEntries(exchanges.map((id) => [id, { proxyUrl: proxyUrls[id] }])),
    credentials: {
      name: 'figures',
      accounts: async (exchange) =>
        accounts.filter((each) => each.exchange === exchange).map(({ account }) => account),
      credentials: async ({ exchange, account }) =>
        accounts.find((each) => each.exchange === exchange && each.account === account)?.credentials,
    },
    enabled: false,
    dataDir: join(process.cwd(), 'data'),
    logDir: join(process.cwd(), 'logs'),
    logLevel: 'CRITICAL',
  };
}
