import { createInterface } from 'node:readline';
import { type DataType, exchangeDataSynchronizer } from '#src/index.js';

/*
 * A host that does what each line of its input says and answers with a line of JSON: `start`, `sync bybit`,
 * `sync bybit/main balances`, `status`, `stop`. Its configuration is its environment.
 */

const commands: Record<string, (...args: string[]) => Promise<unknown>> = {
  start: async () => await exchangeDataSynchronizer.start(),
  sync: async (target = '', dataType) =>
    await exchangeDataSynchronizer.triggerSync(target, dataType as DataType),
  status: async () => await exchangeDataSynchronizer.status(),
  stop: async () => await exchangeDataSynchronizer.stop(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [command = '', ...args] = line.split(' ');
  const answer = await commands[command]?.(...args).then(
    (result) => ({ result: result ?? null }),
    (error: { code?: string; message?: string }) => ({ error: { code: error.code, message: error.message } }),
  );
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
