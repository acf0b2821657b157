import { isSecretName, SECRET_IN_TEXT, USER_INFO } from './secret-patterns.js';

export const REDACTED = '[redacted]';

/** Shorter ones would take ordinary words and numbers out of every line. */
const SHORTEST_SECRET = 6;

/** Bounds that keep one bad field from filling the log. */
const LONGEST_TEXT = 2_000;
/** Patterns are not run over more than this of a text; the rest is cut off first. */
const LONGEST_SCAN = 20_000;
const MOST_ENTRIES = 50;
const DEEPEST = 6;
const MOST_VALUES = 1_000;
const MOST_CHARACTERS = 50_000;
const STACK_LINES = 12;

/** Turns anything into plain data that holds no secret, and that a MessagePort can carry. */
export class Redactor {
  readonly #secrets = new Set<string>();
  #known: RegExp | undefined;

  /** From now on this value is taken out wherever it occurs, also escaped or encoded. */
  add(secret: string): void {
    if (secret.length < SHORTEST_SECRET || this.#secrets.has(secret)) return;
    for (const form of writtenForms(secret)) this.#secrets.add(form);
    // Longest first, so that a secret that contains another one goes as a whole.
    const forms = [...this.#secrets].sort((a, b) => b.length - a.length);
    this.#known = new RegExp(forms.map(escapePattern).join('|'), 'g');
  }

  /** A text without secrets, of bounded length. */
  text(text: string): string {
    // A secret on the edge is cut off with the word it is in, never in half.
    let safe = text.length > LONGEST_SCAN ? text.slice(0, LONGEST_SCAN).replace(/\S*$/, '') : text;
    if (this.#known !== undefined) safe = safe.replace(this.#known, REDACTED);
    safe = safe.replace(USER_INFO, `$1${REDACTED}@`).replace(SECRET_IN_TEXT, `$1${REDACTED}`);
    return safe.length > LONGEST_TEXT || text.length > LONGEST_SCAN
      ? `${safe.slice(0, LONGEST_TEXT)}… (${text.length} characters)`
      : safe;
  }

  /** Fields of a log line, as plain data. Never throws. */
  fields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
    return new Pass(this).record(Object.entries(fields), 0);
  }
}

/** The redactor of this thread: secrets are facts of the process, whoever logs. */
export const redactor = new Redactor();

/** As it is, in a query, in JSON, in a Basic authorization. */
function writtenForms(secret: string): readonly string[] {
  return [
    secret,
    // A lone surrogate cannot be URL-encoded.
    encodeURIComponent(Buffer.from(secret).toString()),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString('base64'),
  ];
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** One walk over one value: remembers where it has been and how much it has taken. */
class Pass {
  readonly #redactor: Redactor;
  readonly #ancestors = new Set<object>();
  #values = 0;
  #characters = 0;

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  record(entries: readonly (readonly [string, unknown])[], depth: number): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    for (const [name, value] of entries.slice(0, MOST_ENTRIES)) {
      record[this.#text(name)] = isSecretName(name) ? hidden(value) : this.#value(value, depth);
    }
    if (entries.length > MOST_ENTRIES) record['…'] = `${entries.length - MOST_ENTRIES} more`;
    return record;
  }

  #value(value: unknown, depth: number): unknown {
    this.#values += 1;
    if (this.#values > MOST_VALUES) return '…';
    switch (typeof value) {
      case 'string':
        return this.#text(value);
      case 'bigint':
      case 'symbol':
        return this.#text(String(value));
      case 'function':
        return `[function ${value.name}]`;
      case 'object':
        return value === null ? null : this.#object(value, depth);
      default:
        return value;
    }
  }

  #text(text: string): string {
    if (this.#characters > MOST_CHARACTERS) return '…';
    const safe = this.#redactor.text(text);
    this.#characters += safe.length;
    return safe;
  }

  #object(value: object, depth: number): unknown {
    if (this.#ancestors.has(value)) return '[circular]';
    if (depth >= DEEPEST) return '…';
    this.#ancestors.add(value);
    try {
      return this.#contents(value, depth + 1);
    } catch (error: unknown) {
      // A getter or a proxy of somebody else's object; logging must not fail for it.
      return `[unreadable: ${this.#text(error instanceof Error ? error.message : 'threw')}]`;
    } finally {
      this.#ancestors.delete(value);
    }
  }

  #contents(value: object, depth: number): unknown {
    if (value instanceof Error) return this.#error(value, depth);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (value instanceof URL) return this.#text(value.href);
    if (Array.isArray(value)) return this.#list(value, depth);
    if (value instanceof Set) return this.#list([...value], depth);
    if (value instanceof Map) {
      return this.record(
        [...value].map(([key, item]) => [String(key), item]),
        depth,
      );
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null)
      return this.record(Object.entries(value), depth);
    // Instances of classes (clients, sockets, buffers) hold more than anybody means to log.
    return `[${value.constructor?.name ?? 'object'}]`;
  }

  #list(values: readonly unknown[], depth: number): unknown[] {
    const list = values.slice(0, MOST_ENTRIES).map((item) => this.#value(item, depth));
    return values.length > MOST_ENTRIES ? [...list, `… ${values.length - MOST_ENTRIES} more`] : list;
  }

  #error(error: Error, depth: number): Record<string, unknown> {
    const { name, message, stack, cause, ...own } = error;
    const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    const entries: [string, unknown][] = [
      ['name', error.name === 'Error' ? error.constructor.name : error.name],
      ['message', error.message],
      ...Object.entries(own),
    ];
    if (error instanceof AggregateError) entries.push(['errors', error.errors]);
    if (error.cause !== undefined) entries.push(['cause', error.cause]);
    if (frames.length > 0) {
      entries.push(['stack', frames.slice(0, STACK_LINES).map((line) => line.trim())]);
    }
    return this.record(entries, depth);
  }
}

/** Secrets are text or hold text; a number or a flag of such a name (a lease's token) is none. */
function hidden(value: unknown): unknown {
  const harmless =
    value === undefined || value === null || typeof value === 'number' || typeof value === 'boolean';
  return harmless ? value : REDACTED;
}
