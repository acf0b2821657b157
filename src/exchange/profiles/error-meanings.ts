import type { ErrorCode } from '../../domain/errors.js';
import type { ErrorMeaning } from './profile.js';

/*
 * Rows of error tables in one word each.
 */

/** It will pass, or concerns one request only. */
export function passing(error: ErrorCode): ErrorMeaning {
  return { error, suspends: 'nothing' };
}

/** The key may not read this, and may read other things. */
export const DENIED: ErrorMeaning = { error: 'PERMISSION_DENIED', suspends: 'scope' };

/** The exchange refuses the whole account or its address: asking for other things is of no use. */
export const LOCKED_OUT: ErrorMeaning = { error: 'PERMISSION_DENIED', suspends: 'account' };

/** The key, its signature or its expiry is bad. */
export const BAD_KEY: ErrorMeaning = { error: 'AUTHENTICATION_FAILED', suspends: 'account' };
