import { expect } from 'chai';
import { formatProblems } from '#src/cli/problem-list.js';
import { display } from './display.js';

const REFUSED = { account: 'bybit/main', code: 'ACCOUNT_SUSPENDED', message: 'Check the key.' };

function heads(subjects: readonly string[]): string {
  return formatProblems(
    subjects.map((subject) => ({ ...REFUSED, subject })),
    display(),
  );
}

describe('problems, as text', () => {
  it('name the scopes of a few, and the data types of many', () => {
    expect(heads(['balances wallet=FUND', 'orders spot'])).to.equal(
      'bybit/main balances wallet=FUND, orders spot: ACCOUNT_SUSPENDED\n  Check the key.\n',
    );
    expect(heads(['balances wallet=FUND', 'orders spot', 'orders linear', 'orders option'])).to.equal(
      'bybit/main balances, orders: ACCOUNT_SUSPENDED\n  Check the key.\n',
    );
  });

  it('show no control character of an exchange, and keep our own line ends', () => {
    const problem = { ...REFUSED, subject: '', message: 'one\n\u001b[2Jtwo' };
    expect(formatProblems([problem], display())).to.equal(
      'bybit/main: ACCOUNT_SUSPENDED\n  one\n  \uFFFD[2Jtwo\n',
    );
  });
});
