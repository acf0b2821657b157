import { packagesOf, watchLoadedScripts } from './loaded-scripts.js';

const scripts = watchLoadedScripts();
const before = { env: { ...process.env }, listeners: process.eventNames() };
const startedAtMs = performance.now();
const { exchangeDataSynchronizer } = await import('#src/index.js');
const importMs = performance.now() - startedAtMs;
// The module loader closes its last file.
await new Promise((resolve) => setTimeout(resolve, 0));

process.stdout.write(
  JSON.stringify({
    importMs,
    packages: packagesOf(scripts),
    ownScripts: [...scripts].filter((url) => url.endsWith('/dist/synchronizer.js')).length,
    resources: process.getActiveResourcesInfo().filter((resource) => resource !== 'PipeWrap'),
    state: exchangeDataSynchronizer.state,
    sameEnvironment: JSON.stringify(before.env) === JSON.stringify(process.env),
    newListeners: process.eventNames().filter((name) => !before.listeners.includes(name)),
  }),
);
