import { didYouMean } from './near-matches.js';
import { SETTINGS } from './setting-definitions.js';
import type { SettingOptions } from './setting-options.js';
import type { ProblemList } from './setting-values.js';

/** What `start()` takes besides settings. */
const OTHER_OPTIONS = ['connections', 'openedOn', 'env', 'credentials', 'vaultPassphrase', 'logger'];
const OPTIONS = [...Object.keys(SETTINGS), ...OTHER_OPTIONS];

/** A misspelt option would leave its setting at the default without a word. */
export function reportUnknownOptions(options: SettingOptions, problems: ProblemList): void {
  for (const name of Object.keys(options)) {
    if (OPTIONS.includes(name)) continue;
    const question = didYouMean(name, OPTIONS) || '; docs/configuration.md lists them';
    problems.addMessage(`option ${name}`, { message: `there is no such option${question}` });
  }
}
