import type { Truth } from '#src/simulator/truth.js';

/*
 * Loaded before the command line: what the simulated exchanges say is true is off by the last digit of one
 * balance, so that a comparison which finds nothing is seen to be broken.
 */

const fetchTruly = globalThis.fetch;

globalThis.fetch = async (input, init) => {
  const response = await fetchTruly(input, init);
  if (!String(input).endsWith('/control/truth')) return response;
  const truth = (await response.json()) as Truth;
  const balance = truth.exchanges.bybit?.accounts.main?.balances.find(({ currency }) => currency === 'ARB');
  Object.assign(balance ?? {}, { total: '0.000000000000000002' });
  return Response.json(truth);
};
