const DAY_MS = 24 * 60 * 60_000;

/** How long the lists of what happened go back; undefined: for ever. */
export const BYBIT_RETENTION_MS: Readonly<Record<string, number | undefined>> = {
  '/v5/execution/list': 730 * DAY_MS,
  '/v5/account/transaction-log': 730 * DAY_MS,
  '/v5/account/borrow-history': 730 * DAY_MS,
  '/v5/asset/deposit/query-record': undefined,
  '/v5/asset/deposit/query-internal-record': undefined,
  '/v5/asset/fundinghistory': undefined,
  '/v5/asset/withdraw/query-record': undefined,
  '/v5/asset/transfer/query-inter-transfer-list': undefined,
  '/v5/asset/transfer/query-universal-transfer-list': undefined,
};
