import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const KEEPER = fileURLToPath(new URL('./database-keeper.mjs', import.meta.url));

/** An embedded PostgreSQL of its own, which nobody kills. */
export async function startDatabase(directory) {
  const child = fork(KEEPER, [], { cwd: directory, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ url }] = await once(child, 'message');
  return {
    url,
    stop: async () => {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
