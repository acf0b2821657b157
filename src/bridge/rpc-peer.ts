import { ExchangeSyncError } from '../domain/errors.js';
import { decodeError, encodeError } from './error-envelope.js';
import { invoke, type MethodTable, stubs } from './method-table.js';
import type { BridgeMessage, SendMessage } from './protocol.js';

type CallMessage = Extract<BridgeMessage, { kind: 'call' }>;
type Outcome = Extract<BridgeMessage, { kind: 'result' | 'error' }>;

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: ExchangeSyncError) => void;
}

export interface RpcPeerOptions<Local extends object> {
  readonly send: SendMessage;
  /** What the other side may call here. */
  readonly api: Local;
  readonly methods: MethodTable<Local>;
}

/** One side of the conversation: answers the other side's calls and matches answers to its own. */
export class RpcPeer<Local extends object> {
  readonly #send: SendMessage;
  readonly #api: Local;
  readonly #methods: ReadonlySet<string>;
  readonly #pending = new Map<number, PendingCall>();
  #lastId = 0;
  #closedBy: (() => ExchangeSyncError) | undefined;

  constructor({ send, api, methods }: RpcPeerOptions<Local>) {
    this.#send = send;
    this.#api = api;
    this.#methods = new Set(Object.keys(methods));
  }

  /** An object whose methods run on the other side. */
  remote<Remote extends object>(methods: MethodTable<Remote>): Remote {
    return stubs(methods, (method, args) => this.request((id) => ({ kind: 'call', id, method, args })));
  }

  /** Sends a message that the other side answers; rejects with what it answered or with why the peer closed. */
  request(build: (id: number) => BridgeMessage): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closedBy) throw this.#closedBy();
      this.#lastId += 1;
      const id = this.#lastId;
      try {
        this.#send(build(id));
      } catch (cause: unknown) {
        throw new ExchangeSyncError('INTERNAL', 'An argument cannot cross to the other thread.', { cause });
      }
      this.#pending.set(id, { resolve, reject });
    });
  }

  settle(outcome: Outcome): void {
    const call = this.#pending.get(outcome.id);
    this.#pending.delete(outcome.id);
    if (outcome.kind === 'result') call?.resolve(outcome.value);
    else call?.reject(decodeError(outcome.error));
  }

  async answer({ id, method, args }: CallMessage): Promise<void> {
    await this.respond(id, async () => {
      if (!this.#methods.has(method)) {
        throw new ExchangeSyncError('INTERNAL', `There is no method ${method} to call.`);
      }
      return await invoke(this.#api, method as keyof Local, args);
    });
  }

  /** Answers a request with what `work` resolves or rejects with. Never rejects. */
  async respond(id: number, work: () => Promise<unknown>): Promise<void> {
    let outcome: Outcome;
    try {
      outcome = { kind: 'result', id, value: await work() };
    } catch (error: unknown) {
      outcome = { kind: 'error', id, error: encodeError(error) };
    }
    if (this.#closedBy) return;
    try {
      this.#send(outcome);
    } catch (error: unknown) {
      // The value cannot be cloned; the caller must not wait for ever because of it.
      this.#send({ kind: 'error', id, error: encodeError(error) });
    }
  }

  /** Rejects everything pending, and every later request. */
  close(reason: () => ExchangeSyncError): void {
    this.#closedBy ??= reason;
    const calls = [...this.#pending.values()];
    this.#pending.clear();
    for (const call of calls) call.reject(this.#closedBy());
  }
}
