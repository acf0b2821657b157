/** A stream that is read ahead by one batch. */
interface Ahead<Item> {
  readonly batches: AsyncIterator<readonly Item[]>;
  rows: readonly Item[];
  next: number;
}

/**
 * Makes one ordered stream of several ordered ones, of which it holds one batch each. What is of one time comes in
 * the order of the streams.
 */
export async function* mergeByTime<Item>(
  streams: readonly AsyncIterable<readonly Item[]>[],
  timeOf: (item: Item) => number,
): AsyncGenerator<readonly Item[]> {
  let ahead: Ahead<Item>[] = [];
  for (const stream of streams) {
    const one = { batches: stream[Symbol.asyncIterator](), rows: [], next: 0 };
    if (await advance(one)) ahead.push(one);
  }
  while (ahead.length > 0) {
    const { merged, usedUp } = mergeUntilOneEnds(ahead, timeOf);
    yield merged;
    if (!(await advance(usedUp))) ahead = ahead.filter((one) => one !== usedUp);
  }
}

function mergeUntilOneEnds<Item>(ahead: readonly Ahead<Item>[], timeOf: (item: Item) => number) {
  const merged: Item[] = [];
  for (;;) {
    let first: Ahead<Item> | undefined;
    let firstMs = Number.POSITIVE_INFINITY;
    for (const one of ahead) {
      const item = one.rows[one.next];
      if (item === undefined || timeOf(item) >= firstMs) continue;
      first = one;
      firstMs = timeOf(item);
    }
    const item = first?.rows[first.next];
    // Each of them has a row: those whose rows end are given back at once.
    if (first === undefined || item === undefined) throw new RangeError('nothing is left to be merged');
    merged.push(item);
    first.next += 1;
    if (first.next === first.rows.length) return { merged, usedUp: first };
  }
}

/** Gives false at the end of the stream. */
async function advance<Item>(one: Ahead<Item>): Promise<boolean> {
  for (;;) {
    const { done, value } = await one.batches.next();
    if (done) return false;
    if (value.length === 0) continue;
    one.rows = value;
    one.next = 0;
    return true;
  }
}
