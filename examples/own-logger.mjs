// The host's winston logger instead of our console and files.
import { exchangeDataSynchronizer } from 'exchange-sync';
import winston from 'winston';

const logger = winston.createLogger({
  level: 'info',
  format: winston.format.json(),
  transports: [new winston.transports.Console()],
});

const reports = await exchangeDataSynchronizer.runOnce({ exchanges: 'bybit', logger });
logger.info('Synced', { statuses: reports.map(({ dataType, status }) => `${dataType} ${status}`) });
