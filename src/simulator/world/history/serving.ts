import { type Place, Timeline } from './row-list.js';

/** Which rows a rule is for; what is left out matches everything. */
export interface RowMatch {
  readonly exchange?: string;
  readonly account?: string;
  /** A part of the list's path, e.g. `/v5/execution/list`. */
  readonly path?: string;
}

/** A row as a list is about to answer with it. */
export interface ServedRow extends Place {
  /** The row's own, and of what it tells of: a fill's number is also in the statement's rows. */
  readonly ids: readonly string[];
  /** As it goes over the wire. */
  readonly wire: () => object;
}

export interface List {
  readonly exchange: string;
  readonly account: string;
  readonly path: string;
}

export type ServingRule =
  /** Nobody gets to see the rows of this number. */
  | { readonly kind: 'withhold'; readonly match: RowMatch; readonly id: string }
  /** Rows appear this long after their time. */
  | { readonly kind: 'late'; readonly match: RowMatch; readonly lateMs: number }
  /** Every page but the first begins with this many rows of the page before it. */
  | { readonly kind: 'drift'; readonly match: RowMatch; readonly rows: number }
  /** What is older is no longer served, whatever the exchange publishes. */
  | { readonly kind: 'retention'; readonly match: RowMatch; readonly retentionMs: number }
  /** A row's fields are others from now on. */
  | {
      readonly kind: 'change';
      readonly match: RowMatch;
      readonly id: string;
      readonly fields: Readonly<Record<string, unknown>>;
    }
  /** A row that never happened, listed at `timestampMs`: the newest row of the list with these fields. */
  | {
      readonly kind: 'inject';
      readonly match: RowMatch;
      readonly timestampMs: number;
      readonly id: string;
      readonly fields: Readonly<Record<string, unknown>>;
    };

export type ActiveRule = ServingRule & { readonly number: number };

const KINDS: ReadonlySet<string> = new Set<ServingRule['kind']>([
  'withhold',
  'late',
  'drift',
  'retention',
  'change',
  'inject',
]);

/** What goes wrong with the lists of what happened, while the truth stays what it is. */
export class Serving {
  #rules: ActiveRule[] = [];
  #added = 0;

  /** Throws a sentence for the caller when `rule` is not a rule. */
  add(rule: ServingRule): ActiveRule {
    if (!KINDS.has(rule?.kind)) throw new RangeError(`a rule needs kind, one of: ${[...KINDS].join(', ')}`);
    this.#added += 1;
    const added = { ...rule, match: rule.match ?? {}, number: this.#added };
    this.#rules.push(added);
    return added;
  }

  clear(number?: number): void {
    this.#rules = number === undefined ? [] : this.#rules.filter((rule) => rule.number !== number);
  }

  active(): readonly ActiveRule[] {
    return this.#rules;
  }

  /** Whether the list shows the row now. */
  shows(list: List, { ids, timestampMs }: Pick<ServedRow, 'ids' | 'timestampMs'>, nowMs: number): boolean {
    return this.#of(list).every((rule) => {
      if (rule.kind === 'withhold') return !ids.includes(rule.id);
      return rule.kind !== 'late' || timestampMs + rule.lateMs <= nowMs;
    });
  }

  /** How far the list goes back; `published` is what the exchange says, and undefined is for ever. */
  retentionMs(list: List, published: number | undefined): number {
    return this.#of(list).reduce(
      (least, rule) => (rule.kind === 'retention' ? rule.retentionMs : least),
      published ?? Number.POSITIVE_INFINITY,
    );
  }

  /** How many rows of the page before are sent again. */
  drift(list: List): number {
    return this.#of(list).reduce(
      (most, rule) => (rule.kind === 'drift' ? Math.max(most, rule.rows) : most),
      0,
    );
  }

  /** The row's content, as far as it was changed. */
  content(list: List, row: ServedRow): object {
    let wire = row.wire();
    for (const rule of this.#of(list)) {
      if (rule.kind === 'change' && row.ids.includes(rule.id)) wire = { ...wire, ...rule.fields };
    }
    return wire;
  }

  /** Rows that never happened; `model` is one that did, for the fields that a rule leaves out. */
  injected(list: List, model: () => object | undefined): Timeline<ServedRow> {
    const rows = new Timeline<ServedRow>();
    for (const rule of this.#of(list)) {
      if (rule.kind !== 'inject') continue;
      const { id, timestampMs, fields, number } = rule;
      const seq = Number.MAX_SAFE_INTEGER - 1_000_000 + number;
      rows.add({ ids: [id], timestampMs, seq, wire: () => ({ ...model(), ...fields }) });
    }
    return rows;
  }

  #of(list: List): readonly ActiveRule[] {
    if (this.#rules.length === 0) return this.#rules;
    return this.#rules.filter(
      ({ match }) =>
        (match.exchange === undefined || match.exchange === list.exchange) &&
        (match.account === undefined || match.account === list.account) &&
        (match.path === undefined || list.path.includes(match.path)),
    );
  }
}
