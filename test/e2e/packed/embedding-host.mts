/*
 * A host as somebody would write it. The test compiles it against the types of the packed package, with
 * everything that TypeScript can be strict about, and runs it.
 */
import {
  DataType,
  type DataTypeStatus,
  type DecimalString,
  ExchangeDataSynchronizer,
  ExchangeSyncError,
  exchangeDataSynchronizer,
  type HostLogger,
  type SyncReport,
} from 'exchange-sync';

const said: Record<string, unknown> = {};
const logged: string[] = [];
const logger: HostLogger = {
  log: (...record: readonly unknown[]) => void logged.push(JSON.stringify(record)),
};

const reported: SyncReport[] = [];
const started: string[] = [];
exchangeDataSynchronizer.on('sync:start', ({ runId }) => void started.push(runId));
exchangeDataSynchronizer.on('sync:report', (report) => void reported.push(report));
exchangeDataSynchronizer.on('error', (error: ExchangeSyncError) => {
  said.error = error.code;
});

said.early = await exchangeDataSynchronizer
  .triggerSync('bybit')
  .catch((error: ExchangeSyncError) => error.code);

const starting = exchangeDataSynchronizer.start({ logger, enabled: false });
said.sharesItsPromise = exchangeDataSynchronizer.start() === starting;
await starting;
said.singleton = ExchangeDataSynchronizer.getInstance() === exchangeDataSynchronizer;

const reports: readonly SyncReport[] = await exchangeDataSynchronizer.triggerSync('bybit', DataType.ALL);
said.reports = reports.map(({ account, dataType, status }) => `${account} ${dataType} ${status}`).sort();
said.events =
  reports.every(({ runId }) => reported.some((each) => each.runId === runId)) &&
  reports.every(({ runId }) => started.includes(runId));
said.loggedRuns = reports.every(({ runId }) => logged.some((line) => line.includes(runId)));

// @ts-expect-error: not a data type.
const unknownType = exchangeDataSynchronizer.triggerSync('bybit', 'ballances');
said.unknownType = await unknownType.catch((error: ExchangeSyncError) => error.code);
said.isAnError = await exchangeDataSynchronizer
  .triggerSync('bybitt')
  .catch((error: unknown) => error instanceof ExchangeSyncError && error.code);

await Promise.all([exchangeDataSynchronizer.stop(), exchangeDataSynchronizer.stop()]);
said.stopped = await exchangeDataSynchronizer
  .triggerSync('bybit')
  .catch((error: ExchangeSyncError) => error.code);

await exchangeDataSynchronizer.start({ logger, enabled: false });
const [again] = await exchangeDataSynchronizer.triggerSync('bybit/main', DataType.BALANCES);
said.again = again?.status;
const { items } = await exchangeDataSynchronizer.portfolio({ exchange: 'bybit', account: 'main' });
const quantity: DecimalString | undefined = items.find(({ asset }) => asset === 'ARB')?.quantity;
said.quantity = quantity;
const { dataTypes } = await exchangeDataSynchronizer.status();
const offered = new Set(reports.map(({ dataType }) => dataType));
said.synced = dataTypes.every(
  ({ dataType, lastSync }: DataTypeStatus) => lastSync !== null || !offered.has(dataType),
);
said.history = (await exchangeDataSynchronizer.history({ limit: 3 })).length;
await exchangeDataSynchronizer.stop();

process.stdout.write(JSON.stringify(said));
