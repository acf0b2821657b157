// Measures what the documents claim and prints it as a table: `npm run figures` after a build.
// Wall-clock figures depend on the machine; the counts do not.
import { measureDemo } from './figures/demo.mjs';
import { measureEventLoop } from './figures/event-loop.mjs';
import { measureImport } from './figures/import.mjs';
import { countRequests } from './figures/requests.mjs';

for (const measure of [measureDemo, measureImport, measureEventLoop, countRequests]) {
  for (const { figure, value, bound = '' } of await measure()) {
    console.log(`${figure.padEnd(72)} ${String(value).padStart(12)}  ${bound}`);
  }
}
