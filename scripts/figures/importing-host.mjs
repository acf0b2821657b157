// A host that only imports the package. With --watch V8 itself tells which scripts it compiled.
import { Session } from 'node:inspector';

const scripts = new Set();
const session = new Session();
if (process.argv.includes('--watch')) {
  session.connect();
  session.on('Debugger.scriptParsed', ({ params }) => {
    if (params.url.startsWith('file:') || params.url.startsWith('/')) scripts.add(params.url);
  });
  session.post('Debugger.enable');
}
const already = new Set(scripts);

const startedAt = performance.now();
await import('../../dist/index.js');
const importMs = performance.now() - startedAt;

const loaded = [...scripts].filter((url) => !already.has(url));
const packages = loaded.map((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]);
console.log(
  JSON.stringify({
    importMs,
    scripts: loaded.length,
    packages: [...new Set(packages.filter((name) => name !== undefined))].sort(),
  }),
);
