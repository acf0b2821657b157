import { resolve } from 'node:path';
import { SYNCED_DATA_TYPES } from '../domain/data-type.js';
import { ExchangeSyncError } from '../domain/errors.js';
import { compileAccountOpenings } from './account-openings.js';
import { reportDoubledCredentials } from './account-variables.js';
import { compileDatabase } from './database-settings.js';
import type { Environment } from './environment.js';
import { compileExchanges } from './exchange-settings.js';
import { reportHostFunctions } from './host-functions.js';
import { withoutJoinedVariables } from './joined-variables.js';
import { intervalOption } from './setting-definitions.js';
import type { SettingOptions } from './setting-options.js';
import { ProblemList, type SettingProblem, SettingValues } from './setting-values.js';
import type { Settings, SnapshotSettings, VaultSettings } from './settings.js';
import { reportUnknownOptions } from './unknown-options.js';
import { unusedCredentials, variableWarnings } from './variable-warnings.js';

export interface CompiledSettings {
  readonly settings: Settings;
  /** For the log: what is set and has no effect, or probably means something else. */
  readonly warnings: readonly string[];
}

/**
 * Checks everything that was set and completes it with defaults: options win over the environment. Relative
 * paths are taken from the working directory. Rejects with CONFIG_INVALID, whose message and
 * `details.problems` (a list of SettingProblem) name every problem at once and no secret.
 */
export function compileSettings(
  options: SettingOptions,
  given: Environment,
  workingDirectory: string = process.cwd(),
): CompiledSettings {
  const problems = new ProblemList();
  const warnings: string[] = [];
  const environment = withoutJoinedVariables(given, problems);
  const values = new SettingValues(options, environment, problems);

  reportUnknownOptions(options, problems);
  reportHostFunctions(options, problems);
  reportDoubledCredentials(environment, problems);
  const ids = values.read('exchanges');
  const level = values.read('logLevel');
  const settings = {
    exchanges: compileExchanges(ids ?? [], options, environment, problems),
    schedule: compileSchedule(values),
    database: compileDatabase({ values, problems, warnings, workingDirectory }),
    vault: compileVault(values, workingDirectory),
    logging: {
      level,
      consoleLevel: values.read('logConsoleLevel') ?? level,
      directory: resolve(workingDirectory, values.read('logDir') ?? ''),
    },
    quoteCurrency: values.read('quoteCurrency'),
    costBasisMethod: values.read('costBasis'),
    historyRetentionDays: values.read('historyRetentionDays'),
    accountOpenings: compileAccountOpenings(ids ?? [], options, environment, problems),
    snapshots: compileSnapshots(values, problems),
  };
  if (problems.problems.length > 0) throw configInvalid(problems.problems);
  // Every undefined above comes with a problem.
  return deepFreeze({
    settings: settings as Settings,
    warnings: [
      ...warnings,
      ...variableWarnings(environment, ids ?? []),
      // Leaving exchanges out by an option is a choice made for this start alone.
      ...(options.exchanges === undefined ? unusedCredentials(environment, ids ?? []) : []),
    ],
  });
}

function compileSchedule(values: SettingValues) {
  const everyMs = values.read('intervalMinutes');
  const intervals = SYNCED_DATA_TYPES.map((dataType) => {
    return [dataType, values.read(intervalOption(dataType)) ?? everyMs];
  });
  return { enabled: values.read('enabled'), intervalMs: Object.fromEntries(intervals) };
}

function compileSnapshots(values: SettingValues, problems: ProblemList): Partial<SnapshotSettings> {
  const fullDays = values.read('snapshotFullDays') ?? 0;
  const hourlyDays = values.read('snapshotHourlyDays') ?? 0;
  if (hourlyDays < fullDays) {
    problems.addMessage(`${values.nameOf('snapshotFullDays')} and ${values.nameOf('snapshotHourlyDays')}`, {
      message: `hourly snapshots can not end (${hourlyDays} days) before all are kept (${fullDays} days)`,
    });
  }
  return { fullDays, hourlyDays };
}

function compileVault(values: SettingValues, workingDirectory: string): Partial<VaultSettings> {
  const keyFile = values.read('vaultKeyFile');
  return {
    file: resolve(workingDirectory, values.read('vaultFile') ?? ''),
    ...(keyFile !== undefined && { keyFile: resolve(workingDirectory, keyFile) }),
  };
}

function configInvalid(problems: readonly SettingProblem[]): ExchangeSyncError {
  const lines = problems.map(({ setting, message }) => `  ${setting}: ${message}`);
  const count = problems.length === 1 ? '1 setting' : `${problems.length} settings`;
  return new ExchangeSyncError('CONFIG_INVALID', [`${count} cannot be used:`, ...lines].join('\n'), {
    details: { problems },
  });
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
