import { divide, multiply, negate } from '../../ledger/decimal.js';
import { truncated } from '../world/amounts.js';
import {
  contractValue,
  initialMargin,
  isHeld,
  liquidationPrice,
  maintenanceMargin,
  notional,
  type Position,
  unrealizedPnl,
} from '../world/position.js';
import { instrumentType, type PrivateContext, wantedType } from './okx-endpoint.js';

/** `GET /api/v5/account/positions` (docs: "Get positions"): of all types unless one is named; not paged. */
export function positionList({ account, query }: PrivateContext): readonly unknown[] {
  const type = wantedType(query);
  const ids = query.get('instId')?.split(',');
  return [...account.positions.values()]
    .filter(isHeld)
    .filter(({ market }) => type === undefined || instrumentType(market) === type)
    .filter(({ market }) => ids === undefined || ids.includes(market.id))
    .map((position, index) => positionRow(position, index));
}

/** Contracts, negative for a short position that has no side of its own. */
function signedSize({ size, side, isHedged }: Position): string {
  return side === 'short' && !isHedged ? negate(size) : size;
}

function positionRow(position: Position, index: number): object {
  const { market, averagePrice, createdAtMs, updatedAtMs } = position;
  const upl = unrealizedPnl(position);
  const isOption = market.kind === 'option';
  const isCross = position.marginMode === 'cross';
  const margin = initialMargin(position);
  return {
    instType: instrumentType(market),
    mgnMode: position.marginMode,
    posId: String(400_000_000_000_000_000n + BigInt(createdAtMs) * 100n + BigInt(index)),
    posSide: position.isHedged ? position.side : 'net',
    pos: signedSize(position),
    hedgedPos: '',
    baseBal: '',
    quoteBal: '',
    baseBorrowed: '',
    baseInterest: '',
    quoteBorrowed: '',
    quoteInterest: '',
    posCcy: '',
    availPos: isOption || position.isHedged ? position.size : '',
    avgPx: averagePrice,
    nonSettleAvgPx: '',
    markPx: market.prices.mark,
    upl,
    uplRatio: truncated(divide(upl, margin), 8),
    uplLastPx: upl,
    uplRatioLastPx: '0',
    instId: market.id,
    // Options are not levered.
    lever: isOption ? '' : position.leverage,
    liqPx: liquidationPrice(position) ?? '',
    imr: isCross ? margin : '',
    margin: isCross ? '' : margin,
    mgnRatio: '12.5',
    mmr: maintenanceMargin(position),
    liab: '',
    liabCcy: '',
    interest: '0',
    tradeId: '12345',
    optVal: isOption ? notional(position) : '',
    pendingCloseOrdLiabVal: '',
    notionalUsd: multiply(contractValue(market, position.size, market.prices.mark), '1'),
    adl: '1',
    ccy: market.settle ?? '',
    last: market.prices.last ?? '',
    idxPx: market.prices.index,
    usdPx: '',
    bePx: averagePrice,
    deltaBS: '',
    deltaPA: '',
    gammaBS: '',
    gammaPA: '',
    thetaBS: '',
    thetaPA: '',
    vegaBS: '',
    vegaPA: '',
    spotInUseAmt: '',
    spotInUseCcy: '',
    clSpotInUseAmt: '',
    maxSpotInUseAmt: '',
    bizRefId: '',
    bizRefType: '',
    realizedPnl: position.realizedPnl,
    settledPnl: '',
    pnl: position.realizedPnl,
    fee: '0',
    fundingFee: '0',
    liqPenalty: '0',
    closeOrderAlgo: [],
    cTime: String(createdAtMs),
    uTime: String(updatedAtMs),
  };
}
