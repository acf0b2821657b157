const MAX_LENGTH = 300;

/** Shorter values would take ordinary words out of messages. */
const SHORTEST_SECRET = 4;

const URL_IN_TEXT = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>]+/gi;

/** A URL's query holds the signature; a proxy prefix carries it percent-encoded. */
const QUERY = /(?:\?|%3f).*$/i;
const USER_INFO = /\/\/[^/@]*@/;

/** Takes a client's secrets out of text that came from ccxt, from the exchange or from the network. */
export class Redactor {
  readonly #secrets: readonly string[];

  /** `undefined` and very short values are passed over. */
  constructor(secrets: Iterable<string | undefined>) {
    this.#secrets = [...secrets]
      .filter((secret) => secret !== undefined)
      .filter((secret) => secret.length >= SHORTEST_SECRET)
      .flatMap(spellings)
      .sort((a, b) => b.length - a.length);
  }

  /** At most 300 characters. Secrets go first, so that none is cut in two and survives. */
  text(text: string): string {
    const clean = this.#withoutSecrets(text).replace(URL_IN_TEXT, withoutQuery);
    return clean.length <= MAX_LENGTH ? clean : `${clean.slice(0, MAX_LENGTH - 1)}…`;
  }

  /** A copy of an error that keeps its class's name and its stack's frames, and nothing else. */
  error(error: unknown): Error {
    const source = error instanceof Error ? error : new Error(String(error));
    const copy = new Error(this.text(source.message));
    const frames = (source.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
    Object.defineProperty(copy, 'name', { value: source.constructor.name, enumerable: false });
    copy.stack = this.#withoutSecrets([`${copy.name}: ${copy.message}`, ...frames].join('\n'));
    return copy;
  }

  #withoutSecrets(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, '<redacted>'), text);
  }
}

/** As it is, and as it looks inside of JSON or of a URL. */
function spellings(secret: string): string[] {
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])];
}

function withoutQuery(url: string): string {
  return url.replace(QUERY, '?<redacted>').replace(USER_INFO, '//<redacted>@');
}
