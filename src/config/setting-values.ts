import type { ErrorCode } from '../domain/errors.js';
import type { Environment } from './environment.js';
import {
  type OptionName,
  SETTINGS,
  type SettingDefinition,
  type SettingValue,
} from './setting-definitions.js';
import type { SettingOptions } from './setting-options.js';
import type { ParseProblem } from './setting-parser.js';

/** One setting that cannot be used. */
export interface SettingProblem {
  /** What a person would change: a variable, an option, a flag. */
  readonly setting: string;
  readonly code: ErrorCode;
  /** The value and the remedy. */
  readonly message: string;
}

/** Collects what is wrong, so that everything is reported at once. */
export class ProblemList {
  readonly #problems: SettingProblem[] = [];

  get problems(): readonly SettingProblem[] {
    return this.#problems;
  }

  /** `shown` is the bad value as it may be shown; `undefined` when it is a secret. */
  add(setting: string, shown: unknown, problem: ParseProblem): void {
    const value = shown === undefined ? 'its value' : printed(shown);
    // An unknown exchange's message names it already: the value is a whole list of names.
    const message = problem.code === undefined ? `${value} ${problem.message}` : problem.message;
    this.addMessage(setting, { ...problem, message });
  }

  /** For a message that says everything itself. */
  addMessage(setting: string, { message, code = 'CONFIG_INVALID' }: ParseProblem): void {
    this.#problems.push({ setting, code, message });
  }
}

function printed(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 200));
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

type RawSetting = { readonly setting: string; readonly raw: unknown };

/** Reads settings from options over environment over defaults; what is wrong goes to the problem list. */
export class SettingValues {
  readonly #options: SettingOptions;
  readonly #environment: Environment;
  readonly #problems: ProblemList;

  constructor(options: SettingOptions, environment: Environment, problems: ProblemList) {
    this.#options = options;
    this.#environment = environment;
    this.#problems = problems;
  }

  isSet(name: OptionName): boolean {
    return this.#given(name) !== undefined;
  }

  /** How a person set it, or would set it: for messages. */
  nameOf(name: OptionName): string {
    return this.#given(name)?.setting ?? SETTINGS[name].variable;
  }

  /** `undefined`: not set, without a default, or wrong and reported. */
  read<Name extends OptionName>(name: Name): SettingValue<Name> | undefined {
    const definition = SETTINGS[name] as SettingDefinition<SettingValue<Name>>;
    const given = this.#given(name) ?? { setting: definition.variable, raw: definition.defaultText };
    if (given.raw === undefined) return undefined;
    const parsed = definition.parse(given.raw);
    for (const problem of parsed.problems ?? []) {
      this.#problems.add(given.setting, definition.secret ? undefined : given.raw, problem);
    }
    return parsed.value;
  }

  #given(name: OptionName): RawSetting | undefined {
    const { variable, flag, emptyIsValue } = SETTINGS[name] as SettingDefinition;
    const option: unknown = this.#options[name];
    if (option !== undefined) {
      const setting = flag === undefined ? `option ${name}` : `option ${name} (${flag})`;
      return { setting, raw: typeof option === 'string' ? option.trim() : option };
    }
    const text = this.#environment[variable]?.trim();
    if (text === undefined || (text === '' && emptyIsValue !== true)) return undefined;
    return { setting: variable, raw: text };
  }
}
