import { accountId } from '../domain/account.js';
import type { AssetProof } from '../domain/proof-view.js';
import { compare, negate } from '../ledger/decimal.js';
import {
  type Column,
  coloured,
  type Display,
  formatTable,
  formatTime,
  printable,
  wrapped,
} from './output.js';
import { formatMoment } from './range-text.js';

/** What does not add up and what to do; what can't be said yet; what adds up, with its parts. */
export function formatProof(assets: readonly AssetProof[], display: Display): string {
  if (assets.length === 0) return NOTHING_PROVEN;
  const of = (state: AssetProof['state']) => assets.filter((proof) => proof.state === state);
  const parts = [
    formatProven(of('proven'), display),
    formatUndecided([...of('pending'), ...of('unknown')], display),
    formatUnexplained(of('unexplained'), display),
    verdict(assets, display),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

const NOTHING_PROVEN =
  'Nothing is proven yet: that takes the balances and the whole history of an account. exchange-sync run --one-time reads them; `exchange-sync coverage` shows how far.\n';

const ACCOUNT: Column<AssetProof> = { title: 'account', cell: accountId };
const ASSET: Column<AssetProof> = { title: 'asset', cell: ({ asset }) => asset };

const PROVEN: readonly Column<AssetProof>[] = [
  ACCOUNT,
  ASSET,
  { title: 'opening', align: 'right', cell: openingText, leaveOut: 3 },
  { title: 'fills', align: 'right', cell: ({ fills }) => fills, leaveOut: 4 },
  { title: 'fees', align: 'right', cell: ({ fees }) => fees && negate(fees), leaveOut: 4 },
  { title: 'transfers', align: 'right', cell: ({ transfers }) => transfers, leaveOut: 4 },
  { title: 'ledger', align: 'right', cell: ({ ledger }) => ledger, leaveOut: 4 },
  { title: 'reported', align: 'right', cell: ({ reported }) => reported },
  { title: 'since', cell: ({ horizon }) => horizon && formatMoment(horizon), leaveOut: 1 },
  { title: 'observed', cell: ({ observedAt }) => formatTime(observedAt), leaveOut: 2 },
];

const UNEXPLAINED: readonly Column<AssetProof>[] = [
  ACCOUNT,
  ASSET,
  { title: 'expected', align: 'right', cell: ({ expected }) => expected },
  { title: 'reported', align: 'right', cell: ({ reported }) => reported },
  {
    title: 'unexplained',
    align: 'right',
    cell: ({ unexplainedQuantity }) => unexplainedQuantity && signed(unexplainedQuantity),
    colour: () => 'red',
  },
  { title: 'since', cell: ({ horizon }) => horizon && formatMoment(horizon), leaveOut: 1 },
  { title: 'observed', cell: ({ observedAt }) => formatTime(observedAt), leaveOut: 2 },
];

function formatProven(proofs: readonly AssetProof[], display: Display): string {
  if (proofs.length === 0) return '';
  const inferred = proofs.some(({ openingSource }) => openingSource === 'inferred');
  const note = inferred ? `${wrapped(INFERRED, display)}\n` : '';
  return `${wrapped(PROVEN_TITLE, display)}\n\n${formatTable(proofs, PROVEN, display)}${note}`;
}

const PROVEN_TITLE = 'Add up (opening + fills + fees + transfers + ledger = reported):';

const INFERRED =
  '* The opening is inferred once, from the first observation, for history does not reach back to when the account was opened.';

function openingText({ opening, openingSource }: AssetProof): string | null {
  return opening && `${opening}${openingSource === 'inferred' ? ' *' : ''}`;
}

/** One paragraph for all assets of an account with the same reason. */
function formatUndecided(proofs: readonly AssetProof[], display: Display): string {
  const groups = new Map<string, AssetProof[]>();
  for (const proof of proofs) {
    const key = `${accountId(proof)}\n${proof.state}\n${proof.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), proof]);
  }
  return [...groups.values()].map((group) => formatGroup(group, display)).join('');
}

function formatGroup(group: readonly AssetProof[], display: Display): string {
  const [first] = group as readonly [AssetProof];
  const { state, reason } = first;
  const assets = group.map(({ asset }) => asset).join(', ');
  const head = wrapped(printable(`${accountId(first)}: ${state}: ${assets}`), display);
  return `${coloured(head, 'yellow', display)}\n${wrapped(printable(reason ?? ''), display, 2)}\n`;
}

function formatUnexplained(proofs: readonly AssetProof[], display: Display): string {
  if (proofs.length === 0) return '';
  const accounts = [...new Set(proofs.map(accountId))];
  const advice = [
    'What could explain the rest is read again by itself; it disappears once the row is found. Where it stays:',
    ...accounts.map((account) => `  exchange-sync backfill ${account} --all-symbols`),
    'reads every market of the exchange. docs/history.md says what else it can be.',
  ];
  return [
    'Do not add up:\n\n',
    formatTable(proofs, UNEXPLAINED, display),
    '\n',
    ...advice.map((line) => `${line.startsWith(' ') ? line : wrapped(line, display)}\n`),
  ].join('');
}

function verdict(assets: readonly AssetProof[], display: Display): string {
  const count = (state: AssetProof['state']) => assets.filter((proof) => proof.state === state).length;
  const [proven, unexplained] = [count('proven'), count('unexplained')];
  const rest = [
    ...(unexplained === 0 ? [] : [`${unexplained} ${unexplained === 1 ? 'does' : 'do'} not`]),
    ...(count('pending') === 0 ? [] : [`${count('pending')} pending`]),
    ...(count('unknown') === 0 ? [] : [`${count('unknown')} unknown`]),
  ];
  if (rest.length === 0) {
    const all = `All ${assets.length} assets add up to the last digit.`;
    return `${coloured(assets.length === 1 ? 'The asset adds up to the last digit.' : all, 'green', display)}\n`;
  }
  const text = `${proven} of ${assets.length} assets add up to the last digit; ${rest.join(', ')}.`;
  return `${coloured(text, unexplained === 0 ? 'yellow' : 'red', display)}\n`;
}

function signed(amount: string): string {
  return compare(amount, '0') > 0 ? `+${amount}` : amount;
}
