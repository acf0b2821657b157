/*
 * Preloaded by a child process: prints the URL of every module of ccxt as it is loaded, a line each.
 */
import { writeSync } from 'node:fs';
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

type Load = (url: string, context: unknown, next: (url: string, context: unknown) => unknown) => unknown;

export const load: Load = (url, context, next) => {
  if (url.includes('/ccxt/')) writeSync(1, `${url}\n`);
  return next(url, context);
};

if (isMainThread) register(import.meta.url);
