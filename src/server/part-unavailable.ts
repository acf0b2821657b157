import { type ErrorCode, ExchangeSyncError } from '../index.js';

/** A part that a request needs is down: the same code may mean something else where a request is at fault. */
export class PartUnavailable extends ExchangeSyncError {
  constructor({ code, message }: { readonly code: ErrorCode; readonly message: string }) {
    super(code, message);
  }
}
