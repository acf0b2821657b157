import { type AccountRef, accountId } from '../../domain/account.js';
import type { Clock } from '../../domain/clock.js';
import { type ErrorCode, ExchangeSyncError } from '../../domain/errors.js';
import type { ScopeId } from '../../domain/scope-read.js';
import type { EmitGuardEvent } from './emit.js';
import type { GuardState, Suspension } from './guard-state.js';

/** Fixing a permission or a list of addresses changes no key, so a suspension is probed once a day. */
const PROBE_EVERY_MS = 24 * 3_600_000;
/** While one probe is under way, other calls still wait. */
const PROBE_LEASE_MS = 180_000;

export interface SuspensionsOptions {
  readonly clock: Clock;
  readonly state: GuardState;
  readonly emit: EmitGuardEvent;
}

/** One scope of one account; a scope's id is unique within a method only. */
export interface SuspendableScope {
  readonly method: string;
  readonly scope: ScopeId;
}

/** Which accounts and scopes are left alone, because the exchange refused their key. */
export class Suspensions {
  readonly #options: SuspensionsOptions;

  constructor(options: SuspensionsOptions) {
    this.#options = options;
  }

  /**
   * Throws ACCOUNT_SUSPENDED or PERMISSION_DENIED. Where a day has passed it lets this call through, as the
   * probe.
   */
  check(account: AccountRef, fingerprint: string, scope: SuspendableScope): void {
    this.#refuse('ACCOUNT_SUSPENDED', accountId(account), fingerprint, account);
    this.#refuse('PERMISSION_DENIED', scopeKey(account, scope), fingerprint, account);
  }

  suspendAccount(account: AccountRef, fingerprint: string, reason: string): void {
    const suspension = this.#suspend(accountId(account), fingerprint, reason);
    const until = new Date(suspension.untilMs).toISOString();
    this.#options.emit('account:suspended', { ...refOf(account), reason, until });
  }

  suspendScope(account: AccountRef, fingerprint: string, scope: SuspendableScope, reason: string): void {
    this.#suspend(scopeKey(account, scope), fingerprint, reason);
  }

  /** The exchange answered a read of this scope, signed with this key. What another key may not read stays. */
  answered(account: AccountRef, fingerprint: string, scope: SuspendableScope): void {
    const { suspensions } = this.#options.state;
    const key = scopeKey(account, scope);
    if (suspensions.get(key)?.fingerprint === fingerprint) suspensions.delete(key);
    if (suspensions.get(accountId(account))?.fingerprint === fingerprint) this.#resumeAccount(account);
  }

  /** Lifts every suspension of the account: its credentials were tested or somebody said so. */
  resume(account: AccountRef): void {
    const scopes = `${accountId(account)} `;
    for (const key of this.#options.state.suspensions.keys()) {
      if (key.startsWith(scopes)) this.#options.state.suspensions.delete(key);
    }
    this.#resumeAccount(account);
  }

  /** Lifts the suspensions of other credentials than these. */
  credentialsAre(account: AccountRef, fingerprint: string): void {
    const id = accountId(account);
    const stale = [...this.#options.state.suspensions].some(
      ([key, suspension]) =>
        (key === id || key.startsWith(`${id} `)) && suspension.fingerprint !== fingerprint,
    );
    if (stale) this.resume(account);
  }

  #resumeAccount(account: AccountRef): void {
    if (this.#options.state.suspensions.delete(accountId(account))) {
      this.#options.emit('account:resumed', refOf(account));
    }
  }

  #suspend(key: string, fingerprint: string, reason: string): Suspension {
    const now = this.#options.clock.now();
    const since = this.#options.state.suspensions.get(key)?.sinceMs ?? now;
    const suspension = { sinceMs: since, untilMs: now + PROBE_EVERY_MS, reason, fingerprint };
    this.#options.state.suspensions.set(key, suspension);
    return suspension;
  }

  #refuse(code: ErrorCode, key: string, fingerprint: string, account: AccountRef): void {
    const suspension = this.#options.state.suspensions.get(key);
    if (suspension === undefined || suspension.fingerprint !== fingerprint) return;
    const now = this.#options.clock.now();
    if (now >= suspension.untilMs) {
      this.#options.state.suspensions.set(key, { ...suspension, untilMs: now + PROBE_LEASE_MS });
      return;
    }
    const until = new Date(suspension.untilMs).toISOString();
    throw new ExchangeSyncError(
      code,
      `${suspension.reason} Not asked again before ${until}, unless \`exchange-sync credentials test ${accountId(account)}\` finds it mended.`,
      {
        details: { ...refOf(account), until, suspended: true },
      },
    );
  }
}

function refOf({ exchange, account }: AccountRef): AccountRef {
  return { exchange, account };
}

function scopeKey(account: AccountRef, { method, scope }: SuspendableScope): string {
  return `${accountId(account)} ${method} ${scope}`;
}
