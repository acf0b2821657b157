import { widerAsset, widerLinearMarkets, widerSpotMarkets } from '../market-specs.js';
import type { WorldPlan } from '../world-plan.js';

/** One account per exchange that holds `assets` assets, each with a market of its own. */
export function widePlan({
  assets,
  linearMarkets = 0,
}: {
  assets: number;
  linearMarkets?: number;
}): WorldPlan {
  return {
    accounts: [
      { exchange: 'bybit', account: 'main', holdings: wideHoldings('UNIFIED', assets) },
      { exchange: 'binance', account: 'main', holdings: wideHoldings('MAIN', assets) },
    ],
    markets: [
      ...widerSpotMarkets('bybit', assets),
      ...widerSpotMarkets('binance', assets),
      ...widerLinearMarkets('bybit', linearMarkets),
    ],
  };
}

function wideHoldings(wallet: string, assets: number): (readonly [string, string, string])[] {
  return Array.from({ length: assets }, (_, index) => [wallet, widerAsset(index), `${index + 1}.25`]);
}
