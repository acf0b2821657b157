const DAY_MS = 24 * 60 * 60_000;

/** How long the lists of what happened go back; undefined: for ever. */
export const BINANCE_RETENTION_MS: Readonly<Record<string, number | undefined>> = {
  '/api/v3/myTrades': undefined,
  '/fapi/v1/userTrades': 180 * DAY_MS,
  '/dapi/v1/userTrades': 180 * DAY_MS,
  '/fapi/v1/income': 90 * DAY_MS,
  '/dapi/v1/income': undefined,
  '/sapi/v1/capital/deposit/hisrec': undefined,
  '/sapi/v1/capital/withdraw/history': undefined,
  '/sapi/v1/asset/transfer': 180 * DAY_MS,
  '/sapi/v1/asset/dribblet': undefined,
  '/sapi/v1/asset/assetDividend': undefined,
};
