import { inOrder, type Place, type RowList } from './row-list.js';

/** Two lists as one, in the order of places, without copying either. */
export class MergedRows<Row extends Place> implements RowList<Row> {
  readonly #left: RowList<Row>;
  readonly #right: RowList<Row>;

  constructor(left: RowList<Row>, right: RowList<Row>) {
    this.#left = left;
    this.#right = right;
  }

  get length(): number {
    return this.#left.length + this.#right.length;
  }

  at(index: number): Row {
    const { list, position } = this.#find(index);
    return list.at(position);
  }

  placeAt(index: number): Place {
    const { list, position } = this.#find(index);
    return list.placeAt(position);
  }

  /** How many of the left list are among the first `index + 1` rows: a search by halves. */
  #find(index: number): { list: RowList<Row>; position: number } {
    const left = this.#left;
    const right = this.#right;
    let low = Math.max(0, index - right.length);
    let high = Math.min(index, left.length);
    // `low` becomes how many rows of the left list come before the row at `index`.
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = index - middle;
      const goesBefore =
        other > 0 && other <= right.length
          ? inOrder(left.placeAt(middle), right.placeAt(other - 1)) < 0
          : other > right.length;
      if (goesBefore) low = middle + 1;
      else high = middle;
    }
    const other = index - low;
    if (low >= left.length) return { list: right, position: other };
    if (other >= right.length) return { list: left, position: low };
    return inOrder(left.placeAt(low), right.placeAt(other)) < 0
      ? { list: left, position: low }
      : { list: right, position: other };
  }
}
