import { ExchangeSyncError } from '../../domain/errors.js';
import type { RawExchangeClass } from './raw-exchange.js';

/** ccxt's ids; also keeps a path out of the import below. */
const CCXT_ID = /^[a-z0-9]+$/;

const loading = new Map<string, Promise<RawExchangeClass>>();

/**
 * The class of one exchange. ccxt's index would load a hundred exchanges (three times the time, six times
 * the heap) and its `exports` hide the modules, so the module is imported by its file URL.
 * Rejects with EXCHANGE_UNKNOWN.
 */
export function loadExchangeClass(id: string): Promise<RawExchangeClass> {
  const known = loading.get(id);
  if (known !== undefined) return known;
  const load = importClass(id);
  loading.set(id, load);
  load.catch(() => loading.delete(id));
  return load;
}

async function importClass(id: string): Promise<RawExchangeClass> {
  if (!CCXT_ID.test(id)) throw unknownExchange(id);
  const url = new URL(`./src/${id}.js`, import.meta.resolve('ccxt')).href;
  try {
    const module = (await import(url)) as { default: RawExchangeClass };
    return module.default;
  } catch (error: unknown) {
    throw isNotFound(error, url) ? unknownExchange(id, error) : error;
  }
}

function isNotFound(error: unknown, url: string): boolean {
  const { code, url: missing } = error as { code?: unknown; url?: unknown };
  return code === 'ERR_MODULE_NOT_FOUND' && missing === url;
}

function unknownExchange(id: string, cause?: unknown): ExchangeSyncError {
  return new ExchangeSyncError('EXCHANGE_UNKNOWN', `ccxt has no exchange named ${JSON.stringify(id)}.`, {
    details: { exchange: id },
    cause,
  });
}
