const MAX_LENGTH = 300;

/** Shorter values would take ordinary words out of messages. */
const SHORTEST_SECRET = 4;

/** Also one that was percent-encoded to be appended to a proxy's address. */
const URL_IN_TEXT = /(?:https?|wss?|socks\w{0,3})(?::|%3a)(?:\/\/|%2f%2f)[^\s"'<>]+/gi;
/**
 * What looks like a signature or a token, wherever it stands: hexadecimal, base64 or a JWT. The look-behinds
 * keep a body of 300,000 letters from taking minutes.
 */
const TOKEN_IN_TEXT =
  /(?<![0-9a-z])[0-9a-f]{40,}|(?<![0-9a-z+/])[0-9a-z+/]{40,}={1,2}|eyJ[\w-]{10,}\.[\w-]+\.[\w-]+/gi;
/** More than a message can show, with room for the queries that are taken out of it. */
const EXAMINED_LENGTH = 10_000;

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
    const clean = this.#withoutSecrets(text)
      .slice(0, EXAMINED_LENGTH)
      .replace(URL_IN_TEXT, withoutQuery)
      .replace(TOKEN_IN_TEXT, '<redacted>');
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
