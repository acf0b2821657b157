import type { SettingOptions } from './setting-options.js';
import type { ProblemList } from './setting-values.js';

/** What a host's object must be able to do, and how that is called elsewhere. */
const HOST_OBJECTS = [
  {
    option: 'logger',
    methods: ['log'],
    remedy: 'pass a winston logger, or an object with log(level, message, fields)',
  },
  {
    option: 'credentials',
    methods: ['accounts', 'credentials'],
    remedy: 'pass an object with name, accounts(exchange) and credentials(account)',
  },
] as const;

/** Found out only when it is called, a logger without its method would be silence. */
export function reportHostFunctions(options: SettingOptions, problems: ProblemList): void {
  for (const { option, methods, remedy } of HOST_OBJECTS) {
    const given = (options as Readonly<Record<string, unknown>>)[option];
    if (given === undefined) continue;
    const missing = methods.filter((name) => !hasMethod(given, name));
    if (missing.length === 0) continue;
    const message = `has no method ${missing.join(', ')}; ${remedy}`;
    problems.addMessage(`option ${option}`, { message });
  }
}

function hasMethod(object: unknown, name: string): boolean {
  return typeof (object as Readonly<Record<string, unknown>> | null)?.[name] === 'function';
}
