import type { PrivateContext } from './bybit-endpoint.js';

/** `GET /v5/user/query-api` (docs: v5 "Get API Key Information"): permissions by section. */
export function keyInformation({ world, account }: PrivateContext): unknown {
  const { identity, permissions } = account;
  const { uid } = identity;
  const derivatives = permissions.has('derivatives');
  return {
    id: uid,
    note: identity.account,
    apiKey: identity.apiKey,
    readOnly: 1,
    secret: '',
    permissions: {
      ContractTrade: derivatives ? ['Order', 'Position'] : [],
      Spot: ['SpotTrade'],
      Wallet: permissions.has('wallet') ? ['AccountTransfer', 'SubMemberTransfer'] : [],
      Options: derivatives ? ['OptionsTrade'] : [],
      Derivatives: derivatives ? ['DerivativesTrade'] : [],
      CopyTrading: [],
      BlockTrade: [],
      Exchange: ['ExchangeHistory'],
      NFT: [],
      Affiliate: [],
      Earn: [],
      FiatP2P: [],
      FiatBybitPay: [],
      FiatConvertBroker: [],
      FiatGlobalPay: [],
      FiatBitPay: [],
      BitCard: [],
      ByXPost: [],
    },
    ips: ['*'],
    type: 1,
    deadlineDay: 80,
    expiredAt: new Date(world.now() + 80 * 24 * 60 * 60_000).toISOString().replace('.000Z', 'Z'),
    createdAt: '2025-10-13T03:20:45Z',
    unified: 0,
    uta: 1,
    userID: Number(uid),
    inviterID: 0,
    vipLevel: 'No VIP',
    mktMakerLevel: '0',
    affiliateID: 0,
    rsaPublicKey: '',
    isMaster: identity.account === 'main',
    parentUid: '0',
    kycLevel: 'LEVEL_1',
    kycRegion: '',
    userIDInt64: uid,
    inviterIDInt64: '0',
    affiliateIDInt64: '0',
  };
}

/** `GET /v5/account/info`: a unified account 2.0 in cross margin. */
export function accountInfo(): unknown {
  return {
    marginMode: 'REGULAR_MARGIN',
    updatedTime: '1697078946000',
    unifiedMarginStatus: 5,
    dcpStatus: 'OFF',
    timeWindow: 10,
    smpGroup: 0,
    isMasterTrader: false,
    spotHedgingStatus: 'OFF',
  };
}

/** `GET /v5/asset/coin/query-info`: one chain per coin. */
export function coinInfo({ world, query }: PrivateContext): unknown {
  const asked = query.get('coin');
  const coins = new Set(world.marketsOf('bybit', 'spot').flatMap(({ base, quote }) => [base, quote]));
  return {
    rows: [...coins]
      .filter((coin) => asked === null || coin === asked)
      .map((coin) => ({
        name: coin,
        coin,
        remainAmount: '10000000',
        chains: [
          {
            chain: coin,
            chainType: coin,
            confirmation: '6',
            withdrawFee: '0.0005',
            depositMin: '0.0005',
            withdrawMin: '0.001',
            minAccuracy: '8',
            chainDeposit: '1',
            chainWithdraw: '1',
            withdrawPercentageFee: '0',
            contractAddress: '',
            safeConfirmNumber: '12',
          },
        ],
      })),
  };
}
