import { accountId, MAIN_ACCOUNT } from '../domain/account.js';
import { accountVariables } from './account-variables.js';
import type { Environment } from './environment.js';
import type { SettingOptions } from './setting-options.js';
import { accepted, type Parser, refused } from './setting-parser.js';
import type { ProblemList } from './setting-values.js';

/** Accounts are older than no exchange; a year of two digits or of another calendar is a slip of the pen. */
const EARLIEST_DAY = '2010-01-01';

/** A day; the value is when it begins in UTC, in milliseconds since the epoch. */
export const openingDay: Parser<number> = (raw) => {
  const text = String(raw);
  const beginsAtMs = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // Date.parse makes the 2nd of March of the 30th of February.
  const isDay = !Number.isNaN(beginsAtMs) && new Date(beginsAtMs).toISOString().startsWith(text);
  if (!isDay) return refused('is not a day; give YYYY-MM-DD, e.g. 2021-05-17');
  if (beginsAtMs > Date.now()) return refused('is in the future; give the day the account was opened');
  if (text < EARLIEST_DAY) return refused(`is before ${EARLIEST_DAY}; give the day the account was opened`);
  return accepted(beginsAtMs);
};

/** When accounts were opened, by `bybit/main`. Options win over the environment. */
export function compileAccountOpenings(
  ids: readonly string[],
  { openedOn = {} }: SettingOptions,
  environment: Environment,
  problems: ProblemList,
): Readonly<Record<string, number>> {
  const openings = new Map<string, { readonly setting: string; readonly raw: unknown }>();
  for (const { variable, exchange, account = MAIN_ACCOUNT, field, value } of accountVariables(environment)) {
    if (field !== 'OPENED_ON' || !ids.includes(exchange)) continue;
    const id = accountId({ exchange, account });
    const other = openings.get(id);
    if (other !== undefined && other.raw !== value) {
      problems.addMessage(`${other.setting} and ${variable}`, {
        message: 'are both set, differ, and belong to the same account; keep one of them',
      });
    }
    openings.set(id, { setting: variable, raw: value });
  }
  for (const [key, raw] of Object.entries(openedOn)) {
    if (raw === undefined) continue;
    const setting = `option openedOn['${key}']`;
    const [, exchange = '', account = MAIN_ACCOUNT] = /^([^/]+)(?:\/([a-z0-9]+))?$/.exec(key) ?? [];
    if (!ids.includes(exchange)) {
      problems.addMessage(setting, {
        message: "is no account of a configured exchange; write 'bybit' or 'bybit/sub1'",
      });
      continue;
    }
    openings.set(accountId({ exchange, account }), { setting, raw });
  }
  return Object.fromEntries(
    [...openings].flatMap(([id, { setting, raw }]) => {
      const { value, problems: found = [] } = openingDay(raw);
      for (const problem of found) problems.add(setting, raw, problem);
      return value === undefined ? [] : [[id, value]];
    }),
  );
}
