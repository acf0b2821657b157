// A host that keeps its accounts mirrored while it does something else.
// Settings come from the environment: see docs/configuration.md.
import { DataType, exchangeDataSynchronizer } from 'exchange-sync';

exchangeDataSynchronizer.on('sync:report', ({ exchange, account, dataType, status }) => {
  console.log(`${exchange}/${account} ${dataType}: ${status}`);
});
exchangeDataSynchronizer.on('error', (error) => console.error(error.code, error.message));

// Returns at once; awaited here only to learn of bad configuration.
await exchangeDataSynchronizer.start();

// After a trade, say: the reports are of a picture from after this call.
await exchangeDataSynchronizer.triggerSync('bybit', DataType.ALL);

const { items, values } = await exchangeDataSynchronizer.portfolio();
for (const { asset, quantity, value } of items) console.log(asset, quantity, value ?? 'has no price');
for (const { value, quoteCurrency, unpricedAssets, staleAccounts } of values) {
  console.log(
    `worth ${value} ${quoteCurrency}, ${unpricedAssets} unpriced, stale: ${staleAccounts.join() || 'none'}`,
  );
}

await exchangeDataSynchronizer.stop();
