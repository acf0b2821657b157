const DAY_MS = 24 * 60 * 60_000;

/** How long the lists of what happened go back; undefined: for ever. */
export const OKX_RETENTION_MS: Readonly<Record<string, number | undefined>> = {
  '/api/v5/trade/fills': 3 * DAY_MS,
  '/api/v5/trade/fills-history': 90 * DAY_MS,
  '/api/v5/account/bills': 7 * DAY_MS,
  '/api/v5/account/bills-archive': 90 * DAY_MS,
  '/api/v5/asset/bills': 30 * DAY_MS,
  '/api/v5/asset/bills-history': undefined,
  '/api/v5/asset/deposit-history': undefined,
  '/api/v5/asset/withdrawal-history': undefined,
};
