import { createHash, randomBytes } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isAlive, startTimeOf } from '../files/process-identity.js';

/**
 * How this process signs its leases, e.g. `process 4711 on vm (3f2a91bc.88123.9f0c11)`: for people to find it, for
 * others on the same machine to see whether it still lives, and unlike any other.
 */
export async function leaseOwner(): Promise<string> {
  const start = await startTimeOf(process.pid);
  const marks = [await processSpace(), start ?? UNKNOWN, randomBytes(6).toString('hex')];
  return `process ${process.pid} on ${hostname()} (${marks.map(withoutSigns).join('.')})`;
}

/**
 * Whether the process that signed so is certainly no more. False for those of another machine or container:
 * only its lease's end tells of them.
 */
export async function isGone(owner: string): Promise<boolean> {
  const [, pid, space, start] = /^process (\d+) on .* \((\w+)\.(\w+)\.\w+\)$/.exec(owner) ?? [];
  if (pid === undefined || start === UNKNOWN || space === UNKNOWN) return false;
  if (space !== withoutSigns(await processSpace())) return false;
  const id = Number(pid);
  if (!isAlive(id)) return true;
  const actual = await startTimeOf(id);
  return actual !== undefined && withoutSigns(actual) !== start;
}

const UNKNOWN = 'unknown';

/** Process ids mean the same within one boot of one machine, and within one container of it. */
async function processSpace(): Promise<string> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    const namespace = await readlink('/proc/self/ns/pid');
    return createHash('sha256').update(`${boot} ${namespace}`).digest('hex').slice(0, 8);
  } catch {
    // Not Linux, or hidden: then a dead process is known by its lease's end, as on another machine.
    return UNKNOWN;
  }
}

function withoutSigns(text: string): string {
  return text.replace(/\W/g, '');
}
