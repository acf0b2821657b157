import { type ErrorCode, ExchangeSyncError } from '../index.js';
import { PartUnavailable } from './part-unavailable.js';
import type { ErrorAnswer } from './schemas/error-schema.js';

const UNAVAILABLE = 503;

/** Where it is not 500. */
const HTTP_STATUS: Readonly<Partial<Record<ErrorCode, number>>> = {
  REQUEST_INVALID: 400,
  DATA_TYPE_UNKNOWN: 400,
  RANGE_INVALID: 400,
  EXCHANGE_UNKNOWN: 404,
  EXCHANGE_NOT_CONFIGURED: 404,
  NOT_FOUND: 404,
  REQUEST_TOO_LARGE: 413,
  CONFIG_INVALID: UNAVAILABLE,
  NOT_STARTED: UNAVAILABLE,
  STOPPED: UNAVAILABLE,
  WORKER_LOST: UNAVAILABLE,
  WORKER_SILENT: UNAVAILABLE,
  DATABASE_UNAVAILABLE: UNAVAILABLE,
  DATABASE_READ_ONLY: UNAVAILABLE,
  DATABASE_PERMISSION: UNAVAILABLE,
  DATABASE_ERROR: UNAVAILABLE,
  DATABASE_VERSION: UNAVAILABLE,
  SCHEMA_TOO_NEW: UNAVAILABLE,
  SCHEMA_OUTDATED: UNAVAILABLE,
  MIGRATION_FAILED: UNAVAILABLE,
  EMBEDDED_DATABASE_FAILED: UNAVAILABLE,
};

export interface HttpError {
  readonly status: number;
  readonly answer: ErrorAnswer;
}

/** Nothing but what was written to be read by people leaves: no stack, no cause, no words of a defect. */
export function httpError(error: unknown): HttpError {
  if (error instanceof ExchangeSyncError && error.code !== 'INTERNAL') {
    const { code, message, details } = error;
    const status = error instanceof PartUnavailable ? UNAVAILABLE : (HTTP_STATUS[code] ?? 500);
    const some = Object.keys(details).length > 0;
    return { status, answer: { code, message, ...(some && { details }) } };
  }
  return refusal(error) ?? unexpected();
}

/** What Fastify, or a hook of the host's, says of the request. */
function refusal(error: unknown): HttpError | undefined {
  if (!(error instanceof Error) || error instanceof ExchangeSyncError) return undefined;
  const { statusCode: status, code, message } = error as Error & { statusCode?: unknown; code?: unknown };
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const fromFastify = typeof code === 'string' && code.startsWith('FST_ERR_CTP_');
  return {
    status,
    answer: {
      code: status === 413 ? 'REQUEST_TOO_LARGE' : fromFastify ? 'REQUEST_INVALID' : 'REQUEST_REFUSED',
      message,
    },
  };
}

function unexpected(): HttpError {
  const message = "Unexpected failure. The host's log has it, under the request's id.";
  return { status: 500, answer: { code: 'INTERNAL' satisfies ErrorCode, message } };
}
