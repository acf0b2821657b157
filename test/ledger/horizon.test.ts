import { expect } from 'chai';
import { type HistoryReach, historyReach, type ListHistory, type ReachOptions } from '#src/ledger/horizon.js';
import { seededRandom } from '#src/simulator/world/random.js';

const END = 24;

type State = 'complete' | 'lost' | 'gap';

/** Each millisecond by itself: slow, and right by looking at it. */
function naiveReach(
  lists: readonly { readonly states: readonly State[]; readonly list: ListHistory }[],
  { untilMs, openedAtMs, storedHorizonMs }: ReachOptions,
):
  | { kind: 'missing'; name: string; fromMs: number }
  | { kind: 'known'; horizonMs: number; isOpening: boolean; isNew: boolean } {
  const starts: number[] = [];
  let isNew = false;
  for (const { states, list } of lists) {
    const unborn = (at: number) => at < list.servedFromMs;
    let at = untilMs;
    const newest = states.slice(0, untilMs).lastIndexOf('complete');
    if (newest === -1) {
      const fromMs = Math.max(list.servedFromMs, openedAtMs ?? 0);
      if (fromMs < untilMs) return { kind: 'missing', name: list.name, fromMs };
      continue;
    }
    if (newest < untilMs - 1) {
      if (list.tail === 'needed') return { kind: 'missing', name: list.name, fromMs: newest + 1 };
      at = newest + 1;
    }
    while (at > 0 && states[at - 1] === 'complete') at -= 1;
    if (unborn(at - 1)) continue;
    for (let hole = Math.max(storedHorizonMs ?? at, list.servedFromMs); hole < at; hole += 1) {
      if (states[hole] === 'gap') return { kind: 'missing', name: list.name, fromMs: hole };
      isNew = true;
    }
    starts.push(at);
  }
  const latest = Math.max(...starts, -1);
  if (openedAtMs !== undefined && latest <= openedAtMs)
    return { kind: 'known', horizonMs: openedAtMs, isOpening: true, isNew };
  const first = Math.min(untilMs, ...lists.map(({ list }) => list.servedFromMs));
  return { kind: 'known', horizonMs: starts.length === 0 ? first : latest, isOpening: false, isNew };
}

function ranges(states: readonly State[], wanted: State, split: () => boolean) {
  const found: { fromMs: number; toMs: number }[] = [];
  states.forEach((state, at) => {
    const last = found.at(-1);
    if (state !== wanted) return;
    if (last?.toMs === at && !split()) found[found.length - 1] = { fromMs: last.fromMs, toMs: at + 1 };
    else found.push({ fromMs: at, toMs: at + 1 });
  });
  return found;
}

describe('how far back history is known', () => {
  it('is what looking at each moment says, in random histories', () => {
    const { between } = seededRandom('horizon');
    const random = () => between(0, 999_999) / 1_000_000;
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)] as Item;
    const seen = { missing: 0, opening: 0, new: 0, known: 0 };
    for (let round = 0; round < 20_000; round += 1) {
      const untilMs = 1 + Math.floor(random() * END);
      const lists = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) => {
        const servedFromMs = Math.floor(random() * 8);
        let state: State = 'complete';
        const states = Array.from({ length: END }, (_, at): State => {
          if (random() < 0.12) state = pick(['complete', 'complete', 'lost', 'gap']);
          return at < servedFromMs ? 'gap' : state;
        });
        const list: ListHistory = {
          name: `list ${index}`,
          servedFromMs,
          complete: ranges(states, 'complete', () => random() < 0.3),
          lost: ranges(states, 'lost', () => random() < 0.3),
          tail: pick(['needed', 'needed', 'quiet', 'doubtful']),
        };
        return { states, list };
      });
      const options = {
        lists: lists.map(({ list }) => list),
        untilMs,
        openedAtMs: random() < 0.5 ? Math.floor(random() * 10) : undefined,
        storedHorizonMs: random() < 0.5 ? Math.floor(random() * END) : undefined,
      };
      const found = historyReach(options);
      expect(summary(found), JSON.stringify(options)).to.deep.equal(naiveReach(lists, options));
      seen[
        found.kind === 'missing' ? 'missing' : found.isOpening ? 'opening' : found.isNew ? 'new' : 'known'
      ] += 1;
    }
    // Every answer was seen often.
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).to.be.greaterThan(200);
  });

  const list: ListHistory = { name: 'trades spot', complete: [], lost: [], servedFromMs: 0, tail: 'needed' };

  it('names the range of the list that is missing', () => {
    const lists = [{ ...list, complete: [{ fromMs: 0, toMs: 10 }] }];
    const reach = historyReach({ lists, untilMs: 15, openedAtMs: undefined, storedHorizonMs: undefined });
    expect(reach).to.deep.equal({ kind: 'missing', missing: { name: 'trades spot', fromMs: 10, toMs: 15 } });
  });

  it('does not forget what was known because of a gap that can still be read', () => {
    const complete = [
      { fromMs: 0, toMs: 10 },
      { fromMs: 12, toMs: 20 },
    ];
    const known = { untilMs: 20, openedAtMs: undefined, storedHorizonMs: 5 };
    expect(historyReach({ ...known, lists: [{ ...list, complete }] })).to.deep.equal({
      kind: 'missing',
      missing: { name: 'trades spot', fromMs: 10, toMs: 12 },
    });
    const lost = [{ fromMs: 10, toMs: 12 }];
    expect(historyReach({ ...known, lists: [{ ...list, complete, lost }] })).to.deep.equal({
      kind: 'known',
      horizonMs: 12,
      isOpening: false,
      isNew: true,
      doubt: undefined,
    });
  });

  it('doubts what was not read since something changed, and does not where nothing did', () => {
    const tail = (state: ListHistory['tail']) =>
      historyReach({
        lists: [{ ...list, complete: [{ fromMs: 3, toMs: 10 }], tail: state }],
        untilMs: 15,
        openedAtMs: undefined,
        storedHorizonMs: undefined,
      });
    expect(tail('quiet')).to.include({ kind: 'known', horizonMs: 3, doubt: undefined });
    expect(tail('doubtful')).to.deep.include({ doubt: { name: 'trades spot', fromMs: 10, toMs: 15 } });
  });
});

function summary(reach: HistoryReach) {
  if (reach.kind === 'missing')
    return { kind: reach.kind, name: reach.missing.name, fromMs: reach.missing.fromMs };
  const { kind, horizonMs, isOpening, isNew } = reach;
  return { kind, horizonMs, isOpening, isNew };
}
