import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { programEnvironment } from './run-program.js';
import type { ServerUser } from './server-user.js';

/**
 * The server's parent process. Its standard input is the reading end of the lifeline. A child of it waits for
 * end-of-file there (every host is gone) and then asks the server for a fast shutdown, again every second because
 * a server that has just been started may miss it; immediate after 30 s and SIGKILL after 40 s. The parent waits
 * for the server itself and exits with its status, taking the waiting child along. Signals that a service manager
 * sends to every process of a service are ignored: the hosts are still using the server while they stop in order.
 */
const SCRIPT = `
exec 3<&0 0</dev/null
"$@" 1>&2 3<&- &
server=$!
trap '' HUP INT TERM PIPE
(
  read -r _ <&3
  trap - HUP INT TERM
  exec 3<&-
  seconds=0
  while kill -INT "$server" 2>/dev/null; do
    sleep 1
    seconds=$((seconds + 1))
    if [ "$seconds" -ge 30 ]; then kill -QUIT "$server" 2>/dev/null; fi
    if [ "$seconds" -ge 40 ]; then kill -KILL "$server" 2>/dev/null; fi
  done
) &
watcher=$!
exec 3<&-
echo "$server"
exec 1>/dev/null
status=0
while kill -0 "$server" 2>/dev/null; do wait "$server"; status=$?; done
kill -TERM 0
kill -KILL "$watcher" 2>/dev/null
exit "$status"
`;

export interface WatchedServer {
  readonly pid: number;
  readonly watchdog: ChildProcess;
}

/**
 * Starts the server under a watchdog, both in a session of their own: Ctrl-C on a terminal reaches the host alone,
 * which stops the server in order. The watchdog doesn't keep the host's event loop alive.
 */
export async function spawnWatched(
  command: readonly string[],
  user: ServerUser,
  readEnd: FileHandle,
  log: FileHandle,
): Promise<WatchedServer> {
  const watchdog = spawn('/bin/sh', ['-c', SCRIPT, 'exchange-sync-watchdog', ...command], {
    cwd: '/',
    detached: true,
    env: programEnvironment(),
    stdio: [readEnd.fd, 'pipe', log.fd],
    ...user.spawnOptions,
  });
  await once(watchdog, 'spawn');
  const pid = await firstLine(watchdog.stdout as Readable);
  watchdog.unref();
  return { pid: Number(pid), watchdog };
}

async function firstLine(stream: Readable): Promise<string> {
  for await (const line of createInterface({ input: stream })) {
    stream.destroy();
    return line;
  }
  throw new Error('the watchdog of the server ended at once');
}
