/** What an HTTP answer said about the error that was made of it. */
export interface AnswerFacts {
  readonly httpStatus: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exchange's own error code and sentence, from the body. */
  readonly exchangeCode?: string;
  readonly exchangeMessage?: string;
  readonly body: string;
  /** Nothing in the body was recognized: the error was made of the HTTP status alone. */
  readonly statusOnly: boolean;
}

/** ccxt's errors carry a name and a message only, and its instance remembers just the latest headers. */
const FACTS = Symbol('answer facts');

/** Kept on the error itself, out of the sight of loggers: headers and bodies can hold secrets. */
export function attachFacts(error: unknown, facts: AnswerFacts): void {
  if (typeof error === 'object' && error !== null) {
    Object.defineProperty(error, FACTS, { value: facts, configurable: true });
  }
}

export function factsOf(error: unknown): AnswerFacts | undefined {
  return (error as { [FACTS]?: AnswerFacts } | undefined)?.[FACTS];
}

const MESSAGE_FIELDS = ['retMsg', 'ret_msg', 'msg', 'message', 'err-msg', 'error_message', 'error'] as const;

/** Where exchanges without a profile put their codes. */
const USUAL_CODE_FIELDS = [
  'code',
  'retCode',
  'ret_code',
  'errorCode',
  'error_code',
  'err-code',
  'error',
] as const;

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly json: unknown;
  readonly statusOnly: boolean;
}

export function readFacts(
  { status, headers, body, json, statusOnly }: Answer,
  codeFields: readonly string[],
): AnswerFacts {
  const exchangeCode = firstField(json, codeFields.length > 0 ? codeFields : USUAL_CODE_FIELDS);
  const exchangeMessage = firstField(json, MESSAGE_FIELDS);
  return {
    httpStatus: status,
    headers: lowerCaseNames(headers),
    body,
    statusOnly,
    ...(exchangeCode === undefined ? {} : { exchangeCode }),
    ...(exchangeMessage === undefined ? {} : { exchangeMessage }),
  };
}

function firstField(json: unknown, fields: readonly string[]): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  for (const field of fields) {
    const found = (json as Record<string, unknown>)[field];
    const value = Array.isArray(found) ? found[0] : found;
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}

export function lowerCaseNames(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), [value].flat().join(', ')]],
    ),
  );
}
