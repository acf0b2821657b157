/** One account at one exchange, e.g. `{ exchange: 'bybit', account: 'main' }`. */
export interface AccountRef {
  /** ccxt's exchange id, lower case. */
  readonly exchange: string;
  /** The user's name for the account, `[a-z0-9]+`. */
  readonly account: string;
}

/** The account that credentials without an account name belong to. */
export const MAIN_ACCOUNT = 'main';

/**
 * Stands where an account's name would for what belongs to the exchange as a whole: prices are read
 * once per exchange and shared by its accounts.
 */
export const WHOLE_EXCHANGE = '*';

/** `bybit/main`: how an account is written in messages, logs and on the command line. */
export function accountId({ exchange, account }: AccountRef): string {
  return `${exchange}/${account}`;
}
