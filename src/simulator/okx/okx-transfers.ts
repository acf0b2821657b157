import type { Transfer } from '../world/history/transfer.js';
import type { PrivateContext } from './okx-endpoint.js';
import { historyRows } from './okx-history-page.js';

const DEPOSIT_STATES = { pending: '0', ok: '2', failed: '12', canceled: '13' } as const;
const WITHDRAWAL_STATES = { pending: '0', ok: '2', failed: '-1', canceled: '-2' } as const;

/** `GET /api/v5/asset/deposit-history` (docs: "Get deposit history"): newest first, by time. */
export function depositHistory(context: PrivateContext): readonly unknown[] {
  return shipments(context, {
    path: '/api/v5/asset/deposit-history',
    kind: 'deposit',
    idParameter: 'depId',
    states: DEPOSIT_STATES,
    wire: (deposit) => ({
      actualDepBlkConfirm: deposit.status === 'ok' ? '12' : '1',
      amt: deposit.amount,
      areaCodeFrom: '',
      ccy: deposit.asset,
      chain: chainOf(deposit),
      depId: deposit.id,
      from: '',
      fromWdId: '',
      state: DEPOSIT_STATES[deposit.status],
      to: deposit.address,
      ts: String(deposit.timestampMs),
      txId: deposit.transactionId,
    }),
  });
}

/** `GET /api/v5/asset/withdrawal-history` (docs: "Get withdrawal history"); the fee is beside the amount. */
export function withdrawalHistory(context: PrivateContext): readonly unknown[] {
  return shipments(context, {
    path: '/api/v5/asset/withdrawal-history',
    kind: 'withdrawal',
    idParameter: 'wdId',
    states: WITHDRAWAL_STATES,
    wire: (withdrawal) => ({
      addrEx: null,
      amt: withdrawal.amount,
      areaCodeFrom: '',
      areaCodeTo: '',
      ccy: withdrawal.asset,
      chain: chainOf(withdrawal),
      clientId: '',
      fee: withdrawal.fee,
      feeCcy: withdrawal.asset,
      from: '',
      nonTradableAsset: false,
      note: '',
      state: WITHDRAWAL_STATES[withdrawal.status],
      to: withdrawal.address,
      toAddrType: '1',
      ts: String(withdrawal.timestampMs),
      txId: withdrawal.status === 'ok' ? withdrawal.transactionId : '',
      wdId: withdrawal.id,
    }),
  });
}

interface ShipmentTerms {
  readonly path: string;
  readonly kind: 'deposit' | 'withdrawal';
  readonly idParameter: string;
  readonly states: Readonly<Record<Transfer['status'], string>>;
  readonly wire: (transfer: Transfer) => object;
}

function shipments(
  context: PrivateContext,
  { path, kind, idParameter, states, wire }: ShipmentTerms,
): readonly unknown[] {
  const { account, query } = context;
  const [ccy, id, state] = ['ccy', idParameter, 'state'].map((name) => query.get(name) || undefined);
  return historyRows(context, {
    path,
    rows: account.history.transfers(kind),
    pagesBy: 'time',
    accept: (row) =>
      (ccy === undefined || row.asset === ccy) &&
      (id === undefined || row.id === id) &&
      (state === undefined || states[row.status] === state),
    ids: (row) => [row.id],
    wire,
  });
}

/** `USDT-ERC20`, `BTC-Bitcoin` */
function chainOf({ asset, network }: Transfer): string {
  return `${asset}-${network === 'ETH' ? 'ERC20' : network === 'BTC' ? 'Bitcoin' : network}`;
}
