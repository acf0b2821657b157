import type { ReportedError } from './report.js';

/** Every error with its scope, in one text; what several scopes have in common is said once. */
export function summarizeErrors(errors: readonly ReportedError[]): string {
  if (errors.length === 0) return '';
  const groups = new Map<string, ReportedError[]>();
  for (const error of errors) {
    const key = `${error.code} ${withoutScope(error)}`;
    groups.set(key, [...(groups.get(key) ?? []), error]);
  }
  return [...groups.values()].map(textOf).reduce((before, after) => `${ended(before)} ${after}`);
}

function withoutScope({ scope, message }: ReportedError): string {
  return scope === undefined ? message : message.replaceAll(scope, '');
}

function textOf(group: readonly ReportedError[]): string {
  const [first, ...others] = group as readonly [ReportedError, ...ReportedError[]];
  const named = first.scope === undefined || first.message.includes(first.scope);
  const sentence = `${named ? '' : `${first.scope}: `}${first.message}`;
  const scopes = others.map(({ scope }) => scope).filter((scope) => scope !== undefined);
  return scopes.length === 0 ? sentence : `${ended(sentence)} The same for ${scopes.join(', ')}.`;
}

/** Nothing is added to the last sentence: it may end with a command to copy. */
function ended(sentence: string): string {
  return sentence.replace(/[^.]$/, '$&.');
}
