import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import type { Clock } from '../../domain/clock.js';
import { ExchangeSyncError } from '../../domain/errors.js';
import { abortable } from './abortable.js';
import type { RawRequestParams } from './raw-exchange.js';

export interface TransportOptions {
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  /** From the request to the last byte of the body. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** Several times the largest answer known, binance's 18 MB of markets. */
const MAX_BODY_BYTES = 128 * 1024 * 1024;

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  br: createBrotliDecompress,
  deflate: createInflate,
};

/**
 * Sends one request and reads the whole answer. Rejects with the signal's reason, or with
 * EXCHANGE_TIMEOUT, EXCHANGE_UNAVAILABLE or EXCHANGE_BAD_RESPONSE. Redirects are not followed: a signed
 * request must not reach another host.
 */
export async function sendRequest(
  url: string,
  { method, headers, body }: RawRequestParams,
  signal: AbortSignal,
  { dispatcher, clock, timeoutMs }: TransportOptions,
): Promise<HttpAnswer> {
  return await abortable(
    { signals: [signal], clock, timeoutMs, onTimeout: () => timedOut(timeoutMs) },
    async (ended) => {
      try {
        const response = await request(url, {
          dispatcher,
          method: method as Dispatcher.HttpMethod,
          headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
          body: body ?? null,
          signal: ended,
        });
        refuseRedirect(response.statusCode, response.headers.location, response.body);
        return {
          status: response.statusCode,
          headers: response.headers,
          body: await readBody(response.body, response.headers['content-encoding'], ended),
        };
      } catch (error: unknown) {
        throw ended.aborted ? ended.reason : transportError(error);
      }
    },
  );
}

async function readBody(
  stream: Readable,
  encoding: string | string[] | undefined,
  signal: AbortSignal,
): Promise<Buffer> {
  const decoder = DECODERS[String(encoding)];
  const chunks: Buffer[] = [];
  let size = 0;
  const collect = async (source: AsyncIterable<Buffer>) => {
    for await (const chunk of source) {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) throw badResponse(`is larger than ${MAX_BODY_BYTES} bytes`);
      chunks.push(chunk);
    }
  };
  // pipeline, not pipe: a connection that breaks must end the decoder too, or the read would hang.
  await (decoder === undefined
    ? pipeline(stream, collect, { signal })
    : pipeline(stream, decoder(), collect, { signal }));
  return Buffer.concat(chunks, size);
}

function refuseRedirect(status: number, location: string | string[] | undefined, body: Readable): void {
  if (status < 300 || status >= 400 || location === undefined) return;
  // The answer is refused already; how its connection ends makes no difference.
  body.on('error', () => undefined).destroy();
  throw badResponse(`is a redirect (HTTP ${status}), which is not followed`, { httpStatus: status });
}

function transportError(error: unknown): unknown {
  if (error instanceof ExchangeSyncError) return error;
  const code = String((error as { code?: unknown }).code ?? (error as Error).name);
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR_FORMAT')) {
    return badResponse('is not compressed as it says', { transport: code });
  }
  return new ExchangeSyncError(
    'EXCHANGE_UNAVAILABLE',
    `The connection failed (${code}: ${(error as Error).message}): check this machine's network and proxy settings.`,
    { details: { transport: code } },
  );
}

function timedOut(timeoutMs: number): ExchangeSyncError {
  return new ExchangeSyncError('EXCHANGE_TIMEOUT', `No complete answer came within ${timeoutMs / 1000} s.`);
}

function badResponse(what: string, details: Record<string, unknown> = {}): ExchangeSyncError {
  return new ExchangeSyncError('EXCHANGE_BAD_RESPONSE', `The answer ${what}.`, { details });
}
