import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from 'mocha';

/** Bodies that real exchanges sent; the folder is named by EXCHANGE_SYNC_RECORDED_DIR. */
export function recorded<Body>(test: Context, path: string): Body {
  const folder = process.env.EXCHANGE_SYNC_RECORDED_DIR;
  if (folder === undefined || folder === '') {
    return test.skip();
  }
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}
