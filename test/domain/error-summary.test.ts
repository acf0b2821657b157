import { expect } from 'chai';
import { summarizeErrors } from '#src/domain/error-summary.js';
import type { ReportedError } from '#src/domain/report.js';

function failed(scope: string, what = 'no answer'): ReportedError {
  return {
    code: 'EXCHANGE_TIMEOUT',
    message: `bybit/main: fetchBalance of ${scope} failed: ${what}.`,
    scope,
  };
}

describe('the summary of the errors of a sync', () => {
  it('says once what several scopes have in common, and names them all', () => {
    expect(
      summarizeErrors([failed('wallet=MAIN'), failed('wallet=FUNDING'), failed('spot', 'reset')]),
    ).to.equal(
      'bybit/main: fetchBalance of wallet=MAIN failed: no answer. The same for wallet=FUNDING. bybit/main: fetchBalance of spot failed: reset.',
    );
  });

  it('names the scope of a message that does not', () => {
    const errors = [{ code: 'RECORD_INVALID', message: 'Row 3 has no amount', scope: 'spot' }] as const;
    expect(summarizeErrors(errors)).to.equal('spot: Row 3 has no amount');
    expect(summarizeErrors([{ code: 'ABORTED', message: 'Stopped' }])).to.equal('Stopped');
  });
});
