import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** How this process signs its leases: for people to find it, and unlike any other. */
export function leaseOwner(): string {
  return `process ${process.pid} on ${hostname()} (${randomBytes(6).toString('hex')})`;
}
