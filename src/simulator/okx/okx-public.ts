import { compare, multiply } from '../../ledger/decimal.js';
import type { Market } from '../world/market.js';
import {
  type InstrumentType,
  instrumentType,
  okxMarketsOf,
  type PrivateContext,
  type PublicContext,
  requiredType,
} from './okx-endpoint.js';
import { OkxError } from './okx-errors.js';

const LAUNCHED_MS = '1606468572000';

/** `GET /api/v5/public/time` (docs: "Get system time"). */
export function serverTime({ world }: PublicContext): readonly unknown[] {
  return [{ ts: String(world.now()) }];
}

/** `GET /api/v5/public/instruments` (docs: "Get instruments"): options need an underlying; nothing is paged. */
export function instruments({ world, query }: PublicContext): readonly unknown[] {
  const type = requiredType(query);
  const underlying = query.get('uly') ?? query.get('instFamily');
  if (type === 'OPTION' && underlying === null) throw new OkxError(50014, 'instFamily');
  const id = query.get('instId');
  return okxMarketsOf(world, type)
    .filter(
      (market) => (id === null || market.id === id) && (underlying === null || family(market) === underlying),
    )
    .map(instrument);
}

function family({ base, quote }: Market): string {
  return `${base}-${quote}`;
}

function instrument(market: Market): object {
  const isSpot = market.kind === 'spot';
  const { option, expiryMs } = market;
  return {
    instType: instrumentType(market),
    instId: market.id,
    uly: isSpot ? '' : family(market),
    instFamily: isSpot ? '' : family(market),
    category: '1',
    baseCcy: isSpot ? market.base : '',
    quoteCcy: isSpot ? market.quote : '',
    settleCcy: market.settle ?? '',
    ...contractTerms(market),
    ctType: isSpot || option !== undefined ? '' : market.kind,
    stk: option?.strike ?? '',
    optType: option === undefined ? '' : option.type === 'call' ? 'C' : 'P',
    listTime: LAUNCHED_MS,
    expTime: expiryMs === undefined ? '' : String(expiryMs),
    lever: compare(market.maxLeverage, '1') > 0 ? market.maxLeverage : '',
    tickSz: market.tickSize,
    lotSz: market.qtyStep,
    minSz: market.qtyStep,
    alias: '',
    state: 'live',
    ruleType: 'normal',
    maxLmtSz: '999999999999',
    maxMktSz: '1000000',
    maxLmtAmt: '20000000',
    maxMktAmt: '1000000',
    maxTwapSz: '999999999999.0000000000000000',
    maxIcebergSz: '999999999999.0000000000000000',
    maxTriggerSz: '999999999999.0000000000000000',
    maxStopSz: '1000000',
    auctionEndTime: '',
    contTdSwTime: '',
    openType: '',
    futureSettlement: false,
    instIdCode: 1000,
    tradeQuoteCcyList: isSpot ? [market.quote] : [],
  };
}

/** An option's value is one coin times a multiplier; the other contracts have their whole size in the value. */
function contractTerms(market: Market): object {
  const { kind, contractSize, base, quote } = market;
  if (kind === 'spot') return { ctVal: '', ctMult: '', ctValCcy: '' };
  if (kind === 'option') return { ctVal: '1', ctMult: contractSize, ctValCcy: base };
  return { ctVal: contractSize, ctMult: '1', ctValCcy: kind === 'inverse' ? quote : base };
}

/** `GET /api/v5/market/tickers` (docs: "Get tickers"): all of a type; what is not there is empty. */
export function tickers({ world, query }: PublicContext): readonly unknown[] {
  const type: InstrumentType = requiredType(query);
  if (type === 'MARGIN') throw new OkxError(51000, 'instType');
  return okxMarketsOf(world, type).map(ticker);
}

function ticker(market: Market): object {
  const { prices } = market;
  const { last, bid, ask } = prices;
  const traded = (value: string) => (last === undefined ? '' : value);
  return {
    instType: instrumentType(market),
    instId: market.id,
    last: last ?? '',
    lastSz: traded(prices.lastSize),
    askPx: ask ?? '',
    askSz: ask === undefined ? '' : prices.askSize,
    bidPx: bid ?? '',
    bidSz: bid === undefined ? '' : prices.bidSize,
    open24h: traded(prices.open),
    high24h: traded(prices.high),
    low24h: traded(prices.low),
    volCcy24h: last === undefined ? '0' : prices.turnover,
    vol24h: last === undefined ? '0' : prices.volume,
    ts: String(prices.updatedAtMs),
    sodUtc0: traded(prices.open),
    sodUtc8: traded(prices.open),
  };
}

/** `GET /api/v5/account/config` (docs: "Get account configuration"). */
export function accountConfig({ account }: PrivateContext): readonly unknown[] {
  const { uid, account: name } = account.identity;
  const isHedged = [...account.positions.values()].some((position) => position.isHedged);
  return [
    {
      uid,
      mainUid: uid,
      acctLv: '3',
      acctStpMode: 'cancel_maker',
      posMode: isHedged ? 'long_short_mode' : 'net_mode',
      autoLoan: true,
      greeksType: 'PA',
      level: 'Lv1',
      levelTmp: '',
      ctIsoMode: 'automatic',
      mgnIsoMode: 'automatic',
      roleType: '0',
      label: name,
      perm: 'read_only',
      ip: '',
      enableSpotBorrow: false,
      kycLv: '2',
    },
  ];
}

/** `GET /api/v5/asset/currencies` (docs: "Get currencies"): one chain per coin. */
export function currencies({ world }: PrivateContext): readonly unknown[] {
  const coins = new Set(okxMarketsOf(world, 'SPOT').flatMap(({ base, quote }) => [base, quote]));
  return [...coins].map((ccy) => ({
    ccy,
    name: ccy,
    chain: `${ccy}-${ccy}`,
    canDep: true,
    canWd: true,
    canInternal: true,
    minWd: '0.001',
    maxWd: multiply('500', '1'),
    minFee: '0.0004',
    maxFee: '0.0008',
    wdTickSz: '8',
    mainNet: true,
    needTag: false,
  }));
}
