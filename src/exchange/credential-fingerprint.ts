import { createHash } from 'node:crypto';
import type { Credentials } from '../credentials/credentials.js';

/** Tells one set of credentials from another without holding them. */
export function fingerprintOf(credentials: Credentials): string {
  const sorted = Object.entries(credentials).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}
